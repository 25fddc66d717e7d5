import { Search } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useText } from "@/lib/i18n";

const CommandPalette = lazy(() => import("./CommandPalette"));
const MODIFIER = /Mac|iPhone|iPad/.test(navigator.userAgent) ? "⌘" : "Ctrl ";

/** Opens the command palette; so does Ctrl-K. */
export function PaletteButton() {
  const t = useText();
  const [open, setOpen] = useState(false);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setOpen((was) => !was);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  return (
    <>
      <button
        type="button"
        onClick={() => setOpen(true)}
        className="flex h-9 touch:h-11 min-w-9 items-center gap-2 rounded-md border border-line bg-page px-2.5 text-sm text-ink-faint hover:border-line-strong sm:w-64"
      >
        <Search aria-hidden="true" className="size-4 shrink-0" />
        <span className="sr-only flex-1 text-left sm:not-sr-only">{t.common.search}</span>
        <kbd className="hidden font-sans text-xs sm:inline">{MODIFIER}K</kbd>
      </button>
      {open && (
        <Suspense>
          <CommandPalette onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
