import { Check } from "lucide-react";
import { DropdownMenu as Radix } from "radix-ui";
import type { ReactElement, ReactNode } from "react";
import { cn } from "@/lib/classes";

const ITEM =
  "flex min-h-8 cursor-default items-center gap-2 rounded-md px-2 text-base outline-none select-none data-[highlighted]:bg-hover data-[disabled]:opacity-50 [&_svg]:size-4 [&_svg]:shrink-0";

/** A menu behind a button. */
export function Menu({
  trigger,
  note,
  align = "end",
  children,
}: {
  trigger: ReactElement;
  /** Stands above the items, such as why none can be chosen. */
  note?: string | undefined;
  align?: "start" | "end";
  children: ReactNode;
}) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          className="z-60 min-w-44 animate-fade rounded-lg border border-line bg-raised p-1 shadow-raised"
        >
          {note && <Radix.Label className="max-w-56 px-2 py-1.5 text-xs text-ink-soft">{note}</Radix.Label>}
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}

interface MenuItemProps {
  onSelect: () => void;
  icon?: ReactNode;
  danger?: boolean;
  disabled?: boolean;
  children: ReactNode;
}

export function MenuItem({ onSelect, icon, danger, disabled, children }: MenuItemProps) {
  return (
    <Radix.Item disabled={disabled ?? false} onSelect={onSelect} className={cn(ITEM, danger && "text-bad")}>
      {icon}
      {children}
    </Radix.Item>
  );
}

export function MenuChoice<T extends string>({
  label,
  value,
  onValue,
  choices,
}: {
  label: string;
  value: T;
  onValue: (value: T) => void;
  choices: readonly (readonly [T, string])[];
}) {
  return (
    <Radix.RadioGroup value={value} onValueChange={(chosen) => onValue(chosen as T)}>
      <Radix.Label className="px-2 pt-1.5 pb-1 text-xs font-medium text-ink-faint">{label}</Radix.Label>
      {choices.map(([choice, name]) => (
        <Radix.RadioItem key={choice} value={choice} className={cn(ITEM, "justify-between")}>
          {name}
          <Radix.ItemIndicator>
            <Check aria-hidden="true" />
          </Radix.ItemIndicator>
        </Radix.RadioItem>
      ))}
    </Radix.RadioGroup>
  );
}

export function MenuLine() {
  return <Radix.Separator className="my-1 h-px bg-line" />;
}
