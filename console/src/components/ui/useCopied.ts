import { useEffect, useState } from "react";
import { toast } from "sonner";
import { useText } from "@/lib/i18n";

const TOLD_MS = 1500;

/** Copies a text; `copied` for a moment afterwards. Says so when the browser does not let it. */
export function useCopied(): { copied: boolean; copy: (text: string) => void } {
  const t = useText();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = window.setTimeout(() => setCopied(false), TOLD_MS);
    return () => window.clearTimeout(timer);
  }, [copied]);
  const copy = (text: string) => {
    copyText(text).then(
      () => setCopied(true),
      () => toast.error(t.common.notCopied),
    );
  };
  return { copied, copy };
}

/** Copies also where the page came without TLS, which takes the clipboard's own interface away. */
async function copyText(text: string): Promise<void> {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const box = document.createElement("textarea");
  box.value = text;
  // within an open dialog, which takes the focus back from everything outside
  const place = document.activeElement?.closest("[role=dialog]") ?? document.body;
  place.append(box);
  box.select();
  const isDone = document.execCommand("copy");
  box.remove();
  if (!isDone) throw new DOMException("The browser refused to copy.", "NotAllowedError");
}
