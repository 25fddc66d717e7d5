import { useSyncExternalStore } from "react";
import { ago, dateTime } from "@/lib/format";

const EVERY_MS = 30_000;
let now = Date.now();

/** How long ago something was; keeps counting. The exact time is in its title. */
export function Ago({ at }: { at: string }) {
  const current = useSyncExternalStore(tick, () => now);
  return (
    <time dateTime={at} title={dateTime(at)}>
      {ago(at, current)}
    </time>
  );
}

const listeners = new Set<() => void>();
let timer: number | undefined;

/** One clock for all; the first to look after a while sets it right. */
function tick(listener: () => void): () => void {
  if (listeners.size === 0) {
    now = Date.now();
    timer = window.setInterval(() => {
      now = Date.now();
      for (const one of listeners) one();
    }, EVERY_MS);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) window.clearInterval(timer);
  };
}
