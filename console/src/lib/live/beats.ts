import type { QueryKey } from "@tanstack/react-query";

/** What comes within this time is one refresh. */
const GATHER_MS = 250;
/** While news keep coming, these are fetched no more often: they are dear, or long. */
const BEATS_MS: Record<string, number> = { metrics: 2000, calls: 1000 };

interface Pace {
  begunAt: number;
  timer: number | undefined;
  busy: boolean;
  /** News came while it was busy. */
  again: boolean;
}

/** Refreshes each key a moment after the news of it: at its beat while they flow, never twice at once, and once more after the last. */
export class Refresher {
  private readonly paces = new Map<string, Pace>();
  private stopped = false;

  constructor(private readonly refresh: (key: QueryKey) => Promise<unknown>) {}

  note(key: QueryKey): void {
    const pace = this.paceOf(key);
    if (pace.busy) pace.again = true;
    if (pace.busy || pace.timer !== undefined || this.stopped) return;
    const rest = pace.begunAt + (BEATS_MS[String(key[0])] ?? 0) - Date.now();
    pace.timer = setTimeout(() => void this.run(key, pace), Math.max(GATHER_MS, rest)) as unknown as number;
  }

  stop(): void {
    this.stopped = true;
    for (const { timer } of this.paces.values()) clearTimeout(timer);
  }

  private paceOf(key: QueryKey): Pace {
    const name = JSON.stringify(key);
    const known = this.paces.get(name) ?? { begunAt: 0, timer: undefined, busy: false, again: false };
    this.paces.set(name, known);
    return known;
  }

  /** A refresh that is asked for while one runs would cut it off; under a steady flow none would ever end. */
  private async run(key: QueryKey, pace: Pace): Promise<void> {
    Object.assign(pace, { timer: undefined, begunAt: Date.now(), busy: true, again: false });
    try {
      await this.refresh(key);
    } finally {
      pace.busy = false;
    }
    if (pace.again) this.note(key);
  }
}
