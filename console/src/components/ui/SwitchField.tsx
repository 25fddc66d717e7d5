import { useId } from "react";
import { cn } from "@/lib/classes";
import { Switch } from "./inputs";

interface SwitchFieldProps {
  label: string;
  hint?: string;
  checked: boolean;
  onChecked: (checked: boolean) => void;
  disabled?: boolean;
  className?: string;
}

/** A labelled switch with what it means; a click on either turns it. */
export function SwitchField({ label, hint, checked, onChecked, disabled, className }: SwitchFieldProps) {
  const id = useId();
  return (
    <div className={cn("flex items-center justify-between gap-4", className)}>
      <label htmlFor={id} className="min-w-0">
        <span className="block text-sm font-medium">{label}</span>
        {hint && (
          <span id={`${id}-hint`} className="block text-xs text-ink-faint">
            {hint}
          </span>
        )}
      </label>
      <Switch
        id={id}
        label={label}
        checked={checked}
        disabled={disabled}
        onCheckedChange={onChecked}
        {...(hint ? { "aria-describedby": `${id}-hint` } : {})}
      />
    </div>
  );
}
