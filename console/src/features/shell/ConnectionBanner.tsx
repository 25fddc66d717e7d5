import { RefreshCw, WifiOff } from "lucide-react";
import { useEffect, useState, useSyncExternalStore } from "react";
import { useText } from "@/lib/i18n";
import { liveState } from "@/lib/live";
import { useStore } from "@/lib/stored";

const PATIENCE_MS = 2_000; // a short break is nobody's concern

/** Says when what is shown may be old. */
export function ConnectionBanner() {
  const t = useText();
  const online = useSyncExternalStore(watchOnline, () => navigator.onLine);
  const lost = useLostForLong();
  const text = online ? (lost ? t.shell.lost : null) : t.shell.offline;
  return (
    <div role="status">
      {text && (
        <p className="flex min-h-9 items-center justify-center gap-2 bg-warn-soft px-4 py-1.5 text-center text-sm">
          {online ? (
            <RefreshCw aria-hidden="true" className="size-4 shrink-0 animate-spin text-warn" />
          ) : (
            <WifiOff aria-hidden="true" className="size-4 shrink-0 text-warn" />
          )}
          {text}
        </p>
      )}
    </div>
  );
}

function watchOnline(listener: () => void): () => void {
  window.addEventListener("online", listener);
  window.addEventListener("offline", listener);
  return () => {
    window.removeEventListener("online", listener);
    window.removeEventListener("offline", listener);
  };
}

function useLostForLong(): boolean {
  const lost = useStore(liveState) === "lost";
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (!lost) return setLong(false);
    const timer = window.setTimeout(() => setLong(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, [lost]);
  return lost && long;
}
