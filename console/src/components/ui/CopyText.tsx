import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";

/** An id or a command with a button that copies it. */
export function CopyText({ text, label, className }: { text: string; label?: string; className?: string }) {
  const t = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = window.setTimeout(() => setCopied(false), 1500);
    return () => window.clearTimeout(timer);
  }, [copied]);
  return (
    <span className={cn("inline-flex max-w-full items-center gap-1 font-mono text-xs", className)}>
      <span className="truncate" title={text}>
        {label ?? text}
      </span>
      <button
        type="button"
        aria-label={`${t.common.copy} ${text}`}
        onClick={() => void copyText(text).then(setCopied)}
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

/** Copies also where the page came without TLS, which takes the clipboard's own interface away. Tells whether it could. */
export async function copyText(text: string): Promise<boolean> {
  if (window.isSecureContext) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false, // refused by the user or by a policy
    );
  }
  const box = document.createElement("textarea");
  box.value = text;
  document.body.append(box);
  box.select();
  const copied = document.execCommand("copy");
  box.remove();
  return copied;
}
