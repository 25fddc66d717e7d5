import { ChevronDown, Search, X } from "lucide-react";
import { Checkbox as RadixCheckbox, Switch as RadixSwitch } from "radix-ui";
import { type ComponentProps, useRef } from "react";
import { cn } from "@/lib/classes";
import { useFieldProps } from "./Field";

/** The look of every box that takes text. */
export const frameClass =
  "w-full rounded-md border border-line-strong bg-surface text-base text-ink transition-colors hover:border-ink-faint focus-visible:outline-offset-0 aria-invalid:border-bad disabled:opacity-60";

/** The same with room at its sides. */
export const boxClass = `${frameClass} px-3`;

export function Input({ className, ...rest }: ComponentProps<"input">) {
  return <input {...useFieldProps()} className={cn(boxClass, "h-9 touch:h-11", className)} {...rest} />;
}

export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return <textarea {...useFieldProps()} className={cn(boxClass, "min-h-20 py-2", className)} {...rest} />;
}

/** The browser's own list of choices: complete with keyboard, telephone and screen reader. */
export function Select({ className, children, ...rest }: ComponentProps<"select">) {
  return (
    <span className={cn("relative inline-flex", className ?? "w-full")}>
      <select
        {...useFieldProps()}
        className={cn(frameClass, "h-9 touch:h-11 appearance-none truncate pr-8 pl-3")}
        {...rest}
      >
        {children}
      </select>
      <ChevronDown
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 right-2.5 my-auto size-4 text-ink-faint"
      />
    </span>
  );
}

interface SearchInputProps extends Omit<ComponentProps<"input">, "onChange" | "value"> {
  value: string;
  onValue: (value: string) => void;
  label: string;
  clearLabel: string;
}

export function SearchInput({ value, onValue, label, clearLabel, className, ...rest }: SearchInputProps) {
  const box = useRef<HTMLInputElement>(null);
  return (
    <span className={cn("relative inline-flex", className ?? "w-full")}>
      <Search
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 left-2.5 my-auto size-4 text-ink-faint"
      />
      <input
        ref={box}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(change) => onValue(change.target.value)}
        className={cn(frameClass, "h-9 touch:h-11 pr-8 pl-8 touch:pr-11")}
        {...rest}
      />
      {value && (
        <button
          type="button"
          aria-label={clearLabel}
          onClick={() => {
            onValue("");
            box.current?.focus();
          }}
          className="absolute inset-y-0 right-1.5 my-auto grid size-6 touch:size-9 place-items-center rounded text-ink-faint hover:bg-hover hover:text-ink"
        >
          <X aria-hidden="true" className="size-4" />
        </button>
      )}
    </span>
  );
}

export function Switch({ label, ...rest }: { label: string } & ComponentProps<typeof RadixSwitch.Root>) {
  return (
    <RadixSwitch.Root
      aria-label={label}
      className="relative h-6 w-10 shrink-0 rounded-full border border-line-strong bg-sunken transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent disabled:opacity-50"
      {...rest}
    >
      <RadixSwitch.Thumb className="block size-4 translate-x-1 rounded-full bg-line-strong transition-transform data-[state=checked]:translate-x-[1.125rem] data-[state=checked]:bg-on-accent" />
    </RadixSwitch.Root>
  );
}

export function Checkbox({
  label,
  className,
  ...rest
}: { label: string } & ComponentProps<typeof RadixCheckbox.Root>) {
  return (
    <RadixCheckbox.Root
      aria-label={label}
      className={cn(
        "grid size-6 shrink-0 place-items-center rounded",
        "before:size-4 before:rounded-sm before:border before:border-line-strong before:bg-surface before:content-[''] before:[grid-area:1/1]",
        "data-[state=checked]:before:border-accent data-[state=checked]:before:bg-accent data-[state=indeterminate]:before:border-accent data-[state=indeterminate]:before:bg-accent",
        className,
      )}
      {...rest}
    >
      <RadixCheckbox.Indicator className="z-1 text-on-accent [grid-area:1/1]">
        <svg
          viewBox="0 0 16 16"
          aria-hidden="true"
          className="size-3.5"
          fill="none"
          stroke="currentColor"
          strokeWidth="2.2"
        >
          {rest.checked === "indeterminate" ? <path d="M4 8h8" /> : <path d="m3.5 8.5 3 3 6-7" />}
        </svg>
      </RadixCheckbox.Indicator>
    </RadixCheckbox.Root>
  );
}

interface SliderProps extends Omit<ComponentProps<"input">, "value" | "onChange"> {
  value: number;
  onValue: (value: number) => void;
  /** Nothing is chosen yet; where it stands is only usual. */
  dimmed?: boolean;
}

export function Slider({ value, onValue, dimmed, ...rest }: SliderProps) {
  return (
    <input
      type="range"
      step={0.05}
      {...useFieldProps()}
      value={value}
      onChange={(event) => onValue(Number(event.target.value))}
      className={cn("h-6 w-full", "accent-accent", dimmed && "opacity-50")}
      {...rest}
    />
  );
}
