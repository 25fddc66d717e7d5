import { send } from "@/lib/api";
import { asProblem } from "@/lib/problem";
import { createStore } from "@/lib/stored";
import { FrameReader } from "./frames";

/** One event of the log, as `GET /api/v1/events` tells it. */
export interface LiveEvent {
  position: number;
  id: string;
  type: string;
  at: string;
  agent_id: string | null;
  call_id: string | null;
  data: Record<string, unknown>;
}

/** `lost`: what is shown may be old; we are trying to come back. */
export type LiveState = "connecting" | "live" | "lost";

export const liveState = createStore<LiveState>("connecting");

const SILENCE_MS = 40_000; // the server says something at least every 15 s
const HIDDEN_MS = 20_000;
const LONGEST_WAIT_MS = 10_000;
/** After a longer pause it is cheaper to fetch everything anew than to replay what was missed. */
const REPLAY_MS = 60_000;

interface Listener {
  onEvents(events: LiveEvent[]): void;
  /** Events may have been missed: everything shown is to be fetched anew. */
  onGap(): void;
  /** The server does not know us any more. */
  onRefused(): void;
}

/** Follow the event log until stopped. Resumes after a break and lets go of the connection in hidden tabs. */
export function followEvents(listener: Listener): () => void {
  const stream = new EventFollower(listener);
  stream.start();
  return () => stream.stop();
}

class EventFollower {
  private position: number | null = null;
  private lastSeen = Date.now();
  private failures = 0;
  private current: AbortController | null = null;
  private timer: number | undefined;
  private hiding: number | undefined;

  constructor(private readonly listener: Listener) {}

  start(): void {
    document.addEventListener("visibilitychange", this.onVisibility);
    window.addEventListener("online", this.onOnline);
    void this.connect();
  }

  stop(): void {
    document.removeEventListener("visibilitychange", this.onVisibility);
    window.removeEventListener("online", this.onOnline);
    window.clearTimeout(this.hiding);
    this.hangUp();
  }

  private readonly onOnline = () => {
    this.failures = 0;
    void this.connect();
  };

  /** Browsers allow six connections to a server for all tabs together. */
  private readonly onVisibility = () => {
    window.clearTimeout(this.hiding);
    if (document.hidden) this.hiding = window.setTimeout(() => this.hangUp(), HIDDEN_MS);
    else if (!this.current) void this.connect();
  };

  private hangUp(): void {
    window.clearTimeout(this.timer);
    this.current?.abort();
    this.current = null;
  }

  private async connect(): Promise<void> {
    this.hangUp();
    const abort = new AbortController();
    this.current = abort;
    try {
      await this.read(abort);
      this.failures = 0; // the server ends streams after an hour, and when it restarts
    } catch (thrown) {
      if (abort.signal.aborted && this.current !== abort) return;
      if (asProblem(thrown).status === 401) return this.listener.onRefused();
      this.failures += 1;
    }
    if (this.current !== abort) return;
    if (this.failures > 0) liveState.set("lost");
    const wait = Math.min(LONGEST_WAIT_MS, 500 * 2 ** this.failures) * (0.75 + Math.random() / 2);
    this.timer = window.setTimeout(() => void this.connect(), wait);
  }

  private async read(abort: AbortController): Promise<void> {
    const stale = this.position !== null && Date.now() - this.lastSeen > REPLAY_MS;
    const from = this.position === null || stale ? "" : `?after=${this.position}`;
    const headers = { Accept: "text/event-stream" };
    const response = await send(`/api/v1/events${from}`, { headers, signal: abort.signal });
    if (!response.body) throw new TypeError("network: the stream has no body");
    if (stale || this.failures > 0) this.listener.onGap();
    this.failures = 0;
    liveState.set("live");
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const frames = new FrameReader();
    let silence = 0;
    const listen = () => {
      window.clearTimeout(silence);
      silence = window.setTimeout(() => abort.abort(new TypeError("network: silence")), SILENCE_MS);
    };
    try {
      for (;;) {
        listen();
        const { done, value } = await reader.read();
        if (done) return;
        this.lastSeen = Date.now();
        this.tell(frames.feed(value));
      }
    } finally {
      window.clearTimeout(silence);
    }
  }

  private tell(frames: { id: string | null; data: string }[]): void {
    const events: LiveEvent[] = [];
    for (const { id, data } of frames) {
      if (id !== null) this.position = Number(id);
      if (data) events.push(JSON.parse(data) as LiveEvent);
    }
    if (events.length > 0) this.listener.onEvents(events);
  }
}
