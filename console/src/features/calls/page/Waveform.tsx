import { type KeyboardEvent, type PointerEvent, useEffect, useMemo, useRef } from "react";
import { cn } from "@/lib/classes";
import { clock } from "@/lib/format";
import { useText } from "@/lib/i18n";
import type { Turn } from "@/queries/calls";
import { agentChannel, type Peaks } from "./peaks";
import { useDrawing } from "./useDrawing";

interface WaveformProps {
  peaks: Peaks | null;
  turns: readonly Turn[];
  /** The place now, and the whole length. */
  seconds: number;
  whole: number;
  onSeek: (seconds: number) => void;
}

const STEP_SECONDS = 5;
const LEAP_SECONDS = 30;

/** The sound over time, a lane for each side; a click or an arrow key moves the place. */
export function Waveform({ peaks, turns, seconds, whole, onSeek }: WaveformProps) {
  const t = useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const lanes = useMemo(() => peaks && lanesOf(peaks, turns, whole), [peaks, turns, whole]);
  const draw = useDrawing(canvas, lanes, turns, whole);
  useEffect(() => draw(whole > 0 ? seconds / whole : 0), [draw, seconds, whole]);

  const to = (wanted: number) => onSeek(Math.max(0, Math.min(whole, wanted)));
  const onPointer = (event: PointerEvent<HTMLElement>) => {
    if (event.type === "pointermove" && event.buttons !== 1) return;
    const box = event.currentTarget.getBoundingClientRect();
    to(((event.clientX - box.left) / box.width) * whole);
  };
  const onKey = (event: KeyboardEvent) => {
    const places: Record<string, number> = {
      ArrowLeft: seconds - STEP_SECONDS,
      ArrowRight: seconds + STEP_SECONDS,
      PageDown: seconds - LEAP_SECONDS,
      PageUp: seconds + LEAP_SECONDS,
      Home: 0,
      End: whole,
    };
    const wanted = places[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    to(wanted);
  };
  const names =
    lanes?.length === 2 || !lanes
      ? [t.callPage.lanes.agent, t.callPage.lanes.callee]
      : [t.callPage.lanes.one];
  return (
    <div className="flex gap-3">
      <div aria-hidden="true" className="flex w-20 shrink-0 flex-col text-xs text-ink-soft max-sm:hidden">
        {names.map((name, lane) => (
          <span key={name} className="flex min-w-0 flex-1 items-center gap-1.5">
            <span
              className={cn(
                "size-2 shrink-0 rounded-sm forced-color-adjust-none",
                lane === 0 ? "bg-accent" : "bg-elevenlabs",
              )}
            />
            <span className="truncate">{name}</span>
          </span>
        ))}
      </div>
      <div
        role="slider"
        tabIndex={0}
        aria-label={t.callPage.waveform}
        aria-valuemin={0}
        aria-valuemax={Math.round(whole)}
        aria-valuenow={Math.round(seconds)}
        aria-valuetext={t.callPage.position(clock(seconds), clock(whole))}
        onPointerDown={onPointer}
        onPointerMove={onPointer}
        onKeyDown={onKey}
        className="h-24 min-w-0 flex-1 cursor-pointer touch-pan-y rounded-md"
      >
        <canvas ref={canvas} className="size-full forced-color-adjust-none" />
      </div>
    </div>
  );
}

/** The agent's lane above the callee's; one where both are on one. */
function lanesOf(peaks: Peaks, turns: readonly Turn[], whole: number): Peaks {
  const [left, right] = peaks;
  if (!left || !right) return peaks;
  return agentChannel(peaks, turns, whole) === 0 ? [left, right] : [right, left];
}
