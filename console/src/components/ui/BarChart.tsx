import { useEffect, useEffectEvent, useRef } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface BarLayer {
  /** A colour of the style sheet, such as `--good`. */
  colour: string;
  values: readonly number[];
}

interface BarChartProps {
  /** Unix seconds, ascending. */
  times: readonly number[];
  /** From the back to the front; each is drawn from zero, so give sums to stack them. */
  layers: readonly BarLayer[];
  /** What the chart says, for those who cannot see it. */
  label: string;
  nameTime: (seconds: number) => string;
  /** The bar under the pointer, null without one. */
  onHover: (index: number | null) => void;
  /** Anything that changes the colours, such as the theme. */
  look: string;
}

const HEIGHT = 192;

/** Bars over time. Its module brings the charting library: load it lazily. */
export default function BarChart({ times, layers, label, nameTime, onHover, look }: BarChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const hover = useEffectEvent(onHover);
  const named = useEffectEvent(nameTime);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another look reads the colours anew
  useEffect(() => {
    const place = frame.current;
    if (!place) return;
    const colour = (name: string) => resolved(place, `var(${name})`);
    const grid = { stroke: colour("--line"), width: 1 };
    const font = `12px ${getComputedStyle(document.body).fontFamily}`;
    const bars = uPlot.paths.bars?.({ size: [0.72, 40], radius: 0.15 });
    const chart = new uPlot(
      {
        width: place.clientWidth,
        height: HEIGHT,
        legend: { show: false },
        cursor: { y: false, points: { show: false }, drag: { x: false, y: false } },
        scales: {
          x: { range: (_, from, to) => [from - step(times) / 2, to + step(times) / 2] },
          y: { range: (_, __, to) => [0, Math.max(4, Math.ceil((to ?? 0) * 1.1))] },
        },
        axes: [
          {
            stroke: colour("--ink-faint"),
            font,
            grid: { show: false },
            ticks: { show: false },
            size: 28,
            splits: () => everyFew(times, place.clientWidth),
            values: (_, splits) => splits.map((at) => named(at)),
          },
          {
            stroke: colour("--ink-faint"),
            font,
            grid,
            ticks: { show: false },
            size: 40,
            incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000],
          },
        ],
        series: [
          {},
          ...layers.map((layer) => ({
            fill: colour(layer.colour),
            width: 0,
            points: { show: false },
            ...(bars ? { paths: bars } : {}),
          })),
        ],
        hooks: { setCursor: [({ cursor }) => hover(cursor.idx ?? null)] },
      },
      [[...times], ...layers.map(({ values }) => [...values])],
      place,
    );
    const watch = new ResizeObserver(() => chart.setSize({ width: place.clientWidth, height: HEIGHT }));
    watch.observe(place);
    return () => {
      watch.disconnect();
      chart.destroy();
    };
  }, [times, layers, look]);
  return (
    <div
      ref={frame}
      role="img"
      aria-label={label}
      className="w-full forced-color-adjust-none"
      style={{ minHeight: HEIGHT }}
    />
  );
}

function step(times: readonly number[]): number {
  return times.length > 1 ? (times[1] as number) - (times[0] as number) : 3600;
}

/** As many of the times as can be read at this width. */
function everyFew(times: readonly number[], width: number): number[] {
  const each = Math.max(1, Math.ceil(times.length / Math.max(2, width / 72)));
  return times.filter((_, index) => index % each === 0);
}

/** A colour as canvases take it; they know nothing of style sheets. */
function resolved(place: HTMLElement, colour: string): string {
  const probe = document.createElement("span");
  probe.style.color = colour;
  place.append(probe);
  const told = getComputedStyle(probe).color;
  probe.remove();
  return told;
}
