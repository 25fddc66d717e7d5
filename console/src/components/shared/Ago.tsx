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

function tick(listener: () => void): () => void {
  const timer = window.setInterval(() => {
    now = Date.now();
    listener();
  }, EVERY_MS);
  return () => window.clearInterval(timer);
}
