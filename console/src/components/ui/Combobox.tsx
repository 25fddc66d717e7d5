import { Command } from "cmdk";
import { Check, ChevronsUpDown } from "lucide-react";
import { Popover } from "radix-ui";
import { type ReactNode, useState } from "react";
import { cn } from "@/lib/classes";
import { useFieldProps } from "./Field";
import { boxClass } from "./inputs";

export interface Option {
  value: string;
  /** What is searched and shown. */
  label: string;
  /** Shown instead of the label in the list. */
  picture?: ReactNode;
}

interface ComboboxProps {
  value: string | null;
  onValue: (value: string) => void;
  options: readonly Option[];
  placeholder: string;
  emptyText: string;
  /** What was typed: the options are then searched elsewhere, and come already chosen. */
  onSearch?: (typed: string) => void;
  /** Shown for a value that is not among the options. */
  valueLabel?: string | undefined;
  disabled?: boolean;
  "aria-label"?: string;
  className?: string;
}

/** A choice from many, found by typing. */
export function Combobox({
  value,
  onValue,
  options,
  placeholder,
  emptyText,
  onSearch,
  valueLabel,
  disabled,
  className,
  ...rest
}: ComboboxProps) {
  const [open, setOpen] = useState(false);
  const field = useFieldProps();
  const chosen = options.find((option) => option.value === value);
  return (
    <Popover.Root open={open} onOpenChange={setOpen} modal>
      <Popover.Trigger asChild>
        <button
          type="button"
          role="combobox"
          aria-expanded={open}
          aria-haspopup="listbox"
          disabled={disabled}
          {...field}
          {...rest}
          className={cn(
            boxClass,
            "flex h-9 touch:h-11 items-center justify-between gap-2 text-left",
            className,
          )}
        >
          <span className={cn("min-w-0 truncate", !chosen && !valueLabel && !value && "text-ink-faint")}>
            {chosen?.label ?? valueLabel ?? (value || placeholder)}
          </span>
          <ChevronsUpDown aria-hidden="true" className="size-4 shrink-0 text-ink-faint" />
        </button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={placeholder}
          align="start"
          sideOffset={4}
          collisionPadding={8}
          className="z-60 w-(--radix-popover-trigger-width) min-w-60 animate-fade overflow-hidden rounded-lg border border-line bg-raised shadow-raised"
        >
          <Command label={placeholder} shouldFilter={!onSearch}>
            <Command.Input
              {...(onSearch ? { onValueChange: onSearch } : {})}
              placeholder={placeholder}
              className="h-10 w-full border-b border-line bg-transparent px-3 outline-none"
            />
            <Command.List className="max-h-72 overflow-y-auto p-1">
              <Command.Empty className="p-3 text-ink-faint">{emptyText}</Command.Empty>
              {options.map((option) => (
                <Command.Item
                  key={option.value}
                  value={`${option.label} ${option.value}`}
                  onSelect={() => {
                    onValue(option.value);
                    setOpen(false);
                  }}
                  className="flex min-h-8 touch:min-h-11 items-center justify-between gap-2 rounded-md px-2 py-1 data-[selected=true]:bg-hover"
                >
                  <span className="min-w-0 truncate">{option.picture ?? option.label}</span>
                  {option.value === value && (
                    <Check aria-hidden="true" className="size-4 shrink-0 text-accent" />
                  )}
                </Command.Item>
              ))}
            </Command.List>
          </Command>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
