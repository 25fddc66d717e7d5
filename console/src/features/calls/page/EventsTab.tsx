import { useQuery } from "@tanstack/react-query";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useRef, useState } from "react";
import { Card } from "@/components/ui/Page";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { clockTime, dateTime } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { type CallEvent, callEventsQuery } from "@/queries/calls";
import { JsonView } from "./JsonView";

/** Everything that happened to the call, oldest first. */
export function EventsTab({ callId }: { callId: string }) {
  const t = useText();
  const { data: events, error, refetch } = useQuery(callEventsQuery(callId));
  if (error && !events) return <ErrorState error={error} onRetry={() => void refetch()} />;
  if (!events) return <SkeletonRows />;
  return (
    <Card flush>
      {events.length === 0 ? (
        <p className="px-6 py-12 text-center text-ink-soft">{t.callPage.noEvents}</p>
      ) : (
        <EventList events={events} />
      )}
    </Card>
  );
}

function EventList({ events }: { events: readonly CallEvent[] }) {
  const t = useText();
  const frame = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: events.length,
    getScrollElement: () => frame.current,
    estimateSize: () => 44,
    getItemKey: (place) => events[place]?.id ?? place,
    overscan: 12,
  });
  return (
    <section
      ref={frame}
      aria-label={t.callPage.events}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable for the keyboard
      tabIndex={0}
      className="max-h-[70dvh] overflow-y-auto"
    >
      <ol className="relative" style={{ height: virtual.getTotalSize() }}>
        {virtual.getVirtualItems().map((item) => {
          const event = events[item.index] as CallEvent;
          return (
            <li
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              className="absolute inset-x-0 top-0 border-b border-line px-4 py-2.5"
              style={{ transform: `translateY(${item.start}px)` }}
            >
              <div className="flex items-baseline gap-3">
                <time
                  dateTime={event.at}
                  title={dateTime(event.at)}
                  className="numeric w-20 shrink-0 text-xs text-ink-soft"
                >
                  {clockTime(event.at)}
                </time>
                <code className="font-mono text-sm font-medium">{event.type}</code>
              </div>
              {Object.keys(event.data).length > 0 && <Told data={event.data} />}
            </li>
          );
        })}
      </ol>
    </section>
  );
}

/** What an event tells: in one line, and whole on a click. */
function Told({ data }: { data: Record<string, unknown> }) {
  const [open, setOpen] = useState(false);
  const line = Object.entries(data)
    .map(([name, value]) => `${name}: ${typeof value === "object" && value !== null ? "…" : value}`)
    .join(" · ");
  return (
    <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)} className="mt-1 sm:pl-23">
      <summary className="truncate rounded text-xs text-ink-soft hover:bg-hover">{line}</summary>
      {open && (
        <div className="mt-1 pl-3">
          <JsonView value={data} />
        </div>
      )}
    </details>
  );
}
