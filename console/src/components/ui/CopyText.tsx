import { Check, Copy } from "lucide-react";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import { useCopied } from "./useCopied";

/** An id or a command with a button that copies it. */
export function CopyText({ text, label, className }: { text: string; label?: string; className?: string }) {
  const t = useText();
  const { copied, copy } = useCopied();
  return (
    <span className={cn("inline-flex max-w-full items-center gap-1 font-mono text-xs", className)}>
      <span className="truncate" title={text}>
        {label ?? text}
      </span>
      <button
        type="button"
        aria-label={`${t.common.copy} ${text}`}
        onClick={() => copy(text)}
        className="grid size-6 shrink-0 place-items-center rounded text-ink-faint hover:bg-hover hover:text-ink"
      >
        {copied ? (
          <Check aria-hidden="true" className="size-3.5 text-good" />
        ) : (
          <Copy aria-hidden="true" className="size-3.5" />
        )}
      </button>
      <span role="status" className="sr-only">
        {copied ? t.common.copied : ""}
      </span>
    </span>
  );
}
