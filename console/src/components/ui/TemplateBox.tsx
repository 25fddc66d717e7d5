import { type ComponentProps, useMemo } from "react";
import { cn } from "@/lib/classes";
import { pieces } from "@/lib/template";
import { useFieldProps } from "./Field";
import { frameClass } from "./inputs";

const MARKS = { text: "", variable: "rounded bg-accent-soft", broken: "rounded bg-warn-soft" } as const;
const TEXT = "col-start-1 row-start-1 min-w-0 px-3 py-2 whitespace-pre-wrap break-words text-base leading-6";

interface TemplateBoxProps extends Omit<ComponentProps<"textarea">, "value" | "onChange"> {
  value: string;
  onValue: (value: string) => void;
  /** Tailwind height classes of the box, which then scrolls. */
  height?: string;
}

/** A text with `{{variables}}`, which are marked while it is written. Grows with its text up to its height. */
export function TemplateBox({
  value,
  onValue,
  height = "min-h-20 max-h-60",
  className,
  ...rest
}: TemplateBoxProps) {
  const parts = useMemo(() => pieces(value), [value]);
  return (
    <div
      className={cn(
        frameClass,
        "overflow-y-auto focus-within:outline-2 focus-within:outline-accent",
        height,
        className,
      )}
    >
      <div className="grid min-h-full">
        <div aria-hidden="true" className={cn(TEXT, "pointer-events-none text-transparent select-none")}>
          {parts.map(({ kind, text }, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity of their own
            <span key={index} className={MARKS[kind]}>
              {text}
            </span>
          ))}
          {"\u200b" /* a last empty line has a height, too */}
        </div>
        <textarea
          {...useFieldProps()}
          value={value}
          onChange={(event) => onValue(event.target.value)}
          className={cn(TEXT, "resize-none overflow-hidden bg-transparent outline-none")}
          {...rest}
        />
      </div>
    </div>
  );
}
