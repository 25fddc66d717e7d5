import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown } from "lucide-react";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/Button";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import type { Turn } from "@/queries/calls";
import { TurnLine } from "./TurnLine";

interface TranscriptProps {
  turns: readonly Turn[];
  /** Who the agent is. */
  agentName: string;
  /** Place in `turns` of the one that is heard now. */
  current?: number;
  onSeek?: (seconds: number) => void;
  /** Words still come: the newest stay in view until somebody scrolls up. */
  live?: boolean;
  /** What to mark in the texts. */
  marked?: string;
  /** Must give it a height. */
  className?: string;
}

const NEAR_END = 48;
const HANDS_OFF_MS = 4000;

/** What was said, of any length; only the turns in view exist. */
export function Transcript({
  turns,
  agentName,
  current = -1,
  onSeek,
  live,
  marked,
  className,
}: TranscriptProps) {
  const t = useText();
  const frame = useRef<HTMLDivElement>(null);
  const scrolledByHand = useRef(0);
  const [atEnd, setAtEnd] = useState(true);
  const virtual = useVirtualizer({
    count: turns.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 64,
    getItemKey: (place) => turns[place]?.index ?? place,
    overscan: 8,
  });
  const last = turns.at(-1);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new or longer last turn scrolls
  useLayoutEffect(() => {
    if (live && atEnd && turns.length > 0) virtual.scrollToIndex(turns.length - 1, { align: "end" });
  }, [live, turns.length, last?.text]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: only a new turn moves the list
  useEffect(() => {
    if (current < 0 || Date.now() - scrolledByHand.current < HANDS_OFF_MS) return;
    virtual.scrollToIndex(current, { align: "auto" });
  }, [current]);

  const onScroll = () => {
    const box = frame.current;
    if (box) setAtEnd(box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END);
  };
  const byHand = () => {
    scrolledByHand.current = Date.now();
  };

  return (
    <div className={cn("relative flex min-h-0 flex-col", className)}>
      <section
        ref={frame}
        role={live ? "log" : "group"}
        aria-label={t.calls.transcript}
        tabIndex={0}
        onScroll={onScroll}
        onWheel={byHand}
        onTouchMove={byHand}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain py-2 focus-visible:-outline-offset-2"
      >
        <ol className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const turn = turns[item.index] as Turn;
            return (
              <li
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                aria-current={item.index === current || undefined}
                className="absolute inset-x-0 top-0"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <TurnLine
                  turn={turn}
                  agentName={agentName}
                  current={item.index === current}
                  marked={marked ?? ""}
                  {...(onSeek ? { onSeek } : {})}
                />
              </li>
            );
          })}
        </ol>
      </section>
      {live && !atEnd && (
        <Button
          size="sm"
          className="absolute bottom-3 left-1/2 -translate-x-1/2 shadow-raised"
          onClick={() => virtual.scrollToIndex(turns.length - 1, { align: "end" })}
        >
          <ArrowDown aria-hidden="true" />
          {t.calls.newest}
        </Button>
      )}
    </div>
  );
}
