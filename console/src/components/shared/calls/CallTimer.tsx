import { useSyncExternalStore } from "react";
import { clock } from "@/lib/format";
import { type Call, isLive } from "@/queries/calls";

let now = Date.now();
const listeners = new Set<() => void>();
let timer: number | undefined;

/** How long a call has lasted, nothing where nobody picked up; counts the seconds while it runs. */
export function CallTimer({ call, since }: { call: Call; since?: "created" | "answered" }) {
  const current = useSyncExternalStore(everySecond, () => now);
  const from = (since === "created" ? null : call.answered_at) ?? call.created_at;
  if (!isLive(call)) {
    const lasted = call.answered_at === null ? null : call.duration_seconds;
    return lasted === null ? "–" : clock(lasted);
  }
  return <time>{clock((Math.max(current, Date.now()) - Date.parse(from)) / 1000)}</time>;
}

/** One timer for all that count. */
function everySecond(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= window.setInterval(() => {
    now = Date.now();
    for (const one of listeners) one();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  };
}
