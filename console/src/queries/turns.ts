import type { Turn } from "./calls";

/** The transcript with turns that came or were corrected since; ordered by index. */
export function withTurns(known: readonly Turn[], news: readonly Turn[]): Turn[] {
  const byIndex = new Map(known.map((turn) => [turn.index, turn]));
  for (const turn of news) byIndex.set(turn.index, turn);
  return [...byIndex.values()].sort((one, other) => one.index - other.index);
}

/** The place of the turn that is heard at this second of the recording; -1 before the first. */
export function turnAt(turns: readonly Turn[], seconds: number): number {
  let [low, high] = [0, turns.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((turns[middle]?.at_seconds ?? 0) <= seconds + 0.05) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
