import { Check, ChevronDown } from "lucide-react";
import { DropdownMenu } from "radix-ui";
import { boxClass } from "@/components/ui/inputs";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import { type CallStatus, FINAL_STATUSES, LIVE_STATUSES } from "@/queries/calls";

const STATUSES: readonly CallStatus[] = [...LIVE_STATUSES, ...FINAL_STATUSES];

/** A choice of any number of statuses. */
export function StatusFilter({
  value,
  onValue,
  className,
}: {
  value: readonly CallStatus[];
  onValue: (statuses: CallStatus[]) => void;
  className?: string;
}) {
  const t = useText();
  const [only] = value;
  const shown =
    value.length > 1
      ? t.calls.filters.statuses(value.length)
      : only
        ? t.calls.status[only]
        : t.calls.filters.anyStatus;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger
        aria-label={`${t.calls.filters.status}: ${shown}`}
        className={cn(
          boxClass,
          "flex h-9 touch:h-11 items-center justify-between gap-2 text-left",
          className,
        )}
      >
        <span className="truncate">{shown}</span>
        <ChevronDown aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-60 min-w-44 animate-fade rounded-lg border border-line bg-raised p-1 shadow-raised"
        >
          {STATUSES.map((status) => (
            <DropdownMenu.CheckboxItem
              key={status}
              checked={value.includes(status)}
              onSelect={(event) => event.preventDefault()}
              onCheckedChange={(checked) =>
                onValue(STATUSES.filter((one) => (one === status ? checked : value.includes(one))))
              }
              className="flex min-h-8 touch:min-h-11 cursor-default items-center justify-between gap-4 rounded-md px-2 outline-none select-none data-[highlighted]:bg-hover"
            >
              {t.calls.status[status]}
              <DropdownMenu.ItemIndicator>
                <Check aria-hidden="true" className="size-4 text-accent" />
              </DropdownMenu.ItemIndicator>
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
