import { useEffect, useEffectEvent } from "react";
import { takesTyping } from "@/lib/focus";
import type { Call } from "@/queries/calls";

const STEPS: Record<string, number> = { j: 1, k: -1, ArrowDown: 1, ArrowUp: -1 };

/** Walk through the calls with J and K or the arrows, from anywhere on the page; Enter opens the marked one. */
export function useWalk(
  calls: readonly Call[],
  marked: string | null,
  onWalk: (callId: string, enter: boolean) => void,
): void {
  const walk = useEffectEvent((event: KeyboardEvent) => {
    if (calls.length === 0 || !isForUs(event)) return;
    const step = STEPS[event.key];
    if (step !== undefined) {
      event.preventDefault();
      event.stopPropagation();
      const next = calls[nextPlace(calls, marked, step)];
      if (next) onWalk(next.id, false);
    } else if (event.key === "Enter" && marked && event.target === document.body) {
      onWalk(marked, true);
    }
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => walk(event);
    window.addEventListener("keydown", onKey, true); // before the table, which knows arrows only
    return () => window.removeEventListener("keydown", onKey, true);
  }, []);
}

function nextPlace(calls: readonly Call[], marked: string | null, step: number): number {
  const place = calls.findIndex((call) => call.id === marked);
  return place < 0 ? 0 : Math.min(calls.length - 1, Math.max(0, place + step));
}

function isForUs(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || takesTyping(event.target)) return false;
  if (document.body.hasAttribute("data-scroll-locked")) return false; // a question is open above the page
  const { target } = event;
  return !(
    target instanceof Element &&
    target.closest("[role=log], [role=menu]") &&
    event.key.startsWith("Arrow")
  );
}
