import type { Leg } from "@/queries/calls";

/** A stretch of a leg's life, as shares of the whole picture. */
export interface Stretch {
  state: string;
  from: number;
  width: number;
}

/** The states in which a leg lives on; after the others nothing happens any more. */
const LAST = new Set(["completed", "busy", "no-answer", "failed", "canceled", "last words", "settled"]);

/** When the picture begins and ends: from the first state of any leg to the last one, settling left out. */
export function span(legs: readonly Leg[], now: number | null): { from: number; until: number } {
  const times = legs.flatMap(({ states }) =>
    states.filter(({ state }) => state !== "settled").map(({ at }) => Date.parse(at)),
  );
  if (now !== null) times.push(now);
  const from = Math.min(...times);
  return { from, until: Math.max(from + 1, ...times) };
}

export function stretches(leg: Leg, { from, until }: { from: number; until: number }): Stretch[] {
  const known = leg.states.filter(({ state }) => state !== "settled");
  return known.flatMap(({ state, at }, place) => {
    if (LAST.has(state)) return [];
    const start = Date.parse(at);
    const end = known[place + 1] ? Date.parse(known[place + 1]?.at ?? "") : until;
    const share = (time: number) => (time - from) / (until - from);
    return [{ state, from: share(start), width: Math.max(0, share(end) - share(start)) }];
  });
}
