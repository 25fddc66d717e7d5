import { type RefObject, useCallback, useEffect, useMemo, useRef } from "react";
import { theme } from "@/lib/theme";
import type { Turn } from "@/queries/calls";

const BAR = 2;
const GAP = 1;
/** Characters spoken in a second, to guess how long a turn lasts. */
const SPOKEN = 15;

type Lanes = readonly Float32Array[] | null;

/** A function that draws the recording up to a share of its length. Draws again when size or theme change. */
export function useDrawing(
  canvas: RefObject<HTMLCanvasElement | null>,
  lanes: Lanes,
  turns: readonly Turn[],
  whole: number,
): (played: number) => void {
  const last = useRef(0);
  const shown = useMemo(() => lanes ?? spokenLanes(turns, whole), [lanes, turns, whole]);
  const latest = useRef(shown);
  latest.current = shown;
  const inks = useRef<Inks | null>(null);

  const draw = useCallback(
    (played: number) => {
      last.current = played;
      if (!canvas.current) return;
      inks.current ??= inksOf(canvas.current);
      paint(canvas.current, latest.current, inks.current, played);
    },
    [canvas],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: other sound or other turns are drawn at once
  useEffect(() => draw(last.current), [draw, shown]);
  useEffect(() => {
    const again = () => {
      inks.current = null;
      draw(last.current);
    };
    const resized = new ResizeObserver(again);
    if (canvas.current) resized.observe(canvas.current);
    const dark = window.matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", again);
    const unfollow = theme.subscribe(() => requestAnimationFrame(again));
    return () => {
      resized.disconnect();
      dark.removeEventListener("change", again);
      unfollow();
    };
  }, [canvas, draw]);
  return draw;
}

/** Colours as the theme has them now. */
interface Inks {
  rest: string;
  lanes: string[];
  hand: string;
}

function inksOf(canvas: HTMLCanvasElement): Inks {
  // the names stand for both themes at once; only a property of an element tells which one shows
  const ink = (name: string) => {
    canvas.style.color = `var(${name})`;
    return getComputedStyle(canvas).color;
  };
  return { rest: ink("--line-strong"), lanes: [ink("--accent"), ink("--elevenlabs")], hand: ink("--ink") };
}

function paint(canvas: HTMLCanvasElement, lanes: readonly Float32Array[], inks: Inks, played: number): void {
  const scale = window.devicePixelRatio || 1;
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  if (width === 0) return;
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale);
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale);
  const pen = canvas.getContext("2d");
  if (!pen) return;
  pen.setTransform(scale, 0, 0, scale, 0, 0);
  pen.clearRect(0, 0, width, height);
  const lane = height / lanes.length;
  lanes.forEach((peaks, place) => {
    const middle = lane * (place + 0.5);
    const loudest = Math.max(
      0.05,
      peaks.reduce((one, other) => Math.max(one, other), 0),
    );
    for (let x = 0; x < width; x += BAR + GAP) {
      const from = Math.floor((x / width) * peaks.length);
      const until = Math.max(from + 1, Math.floor(((x + BAR + GAP) / width) * peaks.length));
      let peak = 0;
      for (let slice = from; slice < until; slice++) peak = Math.max(peak, peaks[slice] ?? 0);
      const size = Math.max(1, (peak / loudest) * (lane - 8));
      pen.fillStyle = x / width < played ? (inks.lanes[place] ?? inks.rest) : inks.rest;
      pen.globalAlpha = x / width < played ? 1 : 0.55;
      pen.fillRect(x, middle - size / 2, BAR, size);
    }
  });
  pen.globalAlpha = 1;
  pen.fillStyle = inks.hand;
  pen.fillRect(Math.min(width - 1, played * width), 0, 1.5, height);
}

/** Where sound cannot be drawn: when each side spoke, from the transcript. */
function spokenLanes(turns: readonly Turn[], whole: number): Float32Array[] {
  const lanes = [new Float32Array(1200), new Float32Array(1200)];
  turns.forEach(({ role, at_seconds, text }, place) => {
    const lane = role === "agent" ? lanes[0] : role === "callee" ? lanes[1] : undefined;
    if (!lane || whole <= 0) return;
    const next = turns[place + 1]?.at_seconds ?? whole;
    const until = Math.min(next, at_seconds + text.length / SPOKEN);
    lane.fill(0.5, Math.floor((at_seconds / whole) * lane.length), Math.ceil((until / whole) * lane.length));
  });
  return lanes;
}
