import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import type { BarLayer } from "@/components/ui/BarChart";
import { Card } from "@/components/ui/Page";
import { ErrorState, Skeleton } from "@/components/ui/states";
import { Segments } from "@/components/ui/Tabs";
import { cn } from "@/lib/classes";
import { dayAndMonth, hourAndMinute } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { useMedia } from "@/lib/media";
import { useStore } from "@/lib/stored";
import { theme } from "@/lib/theme";
import { type CallBucket, SPANS, type Span, seriesQuery } from "@/queries/metrics";

const BarChart = lazy(() => import("@/components/ui/BarChart"));

/** Calls over the last day, week or month. */
export function CallsChart({ className }: { className?: string }) {
  const t = useText();
  const [span, setSpan] = useState<Span>("day");
  const query = useQuery(seriesQuery(span));
  return (
    <Card
      title={t.home.chart}
      {...(className ? { className } : {})}
      actions={
        <Segments
          label={t.home.span}
          value={span}
          onValue={setSpan}
          choices={SPANS.map((id) => ({ id, name: t.home.spans[id] }))}
        />
      }
    >
      {query.data ? (
        <Chart buckets={query.data} byHour={span === "day"} />
      ) : query.isError ? (
        <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Skeleton className="h-56" />
      )}
    </Card>
  );
}

function Chart({ buckets, byHour }: { buckets: readonly CallBucket[]; byHour: boolean }) {
  const t = useText();
  const [hovered, setHovered] = useState<number | null>(null);
  const look = `${useStore(theme)} ${useMedia("(prefers-color-scheme: dark)")}`;
  const times = useMemo(() => buckets.map(({ starts_at }) => Date.parse(starts_at) / 1000), [buckets]);
  const layers = useMemo(() => layersOf(buckets), [buckets]);
  const nameTime = (at: number) => {
    const iso = new Date(at * 1000).toISOString();
    return byHour ? hourAndMinute(iso) : dayAndMonth(iso);
  };
  const bucket = hovered === null ? undefined : buckets[hovered];
  const sum = (part: "calls" | "answered" | "failed") =>
    bucket ? bucket[part] : buckets.reduce((all, one) => all + one[part], 0);
  const told = t.home.chartTold(sum("calls"), sum("answered"), sum("failed"));
  return (
    <>
      <p className="mb-2 min-h-5 text-sm text-ink-soft">
        {bucket && (
          <span className="font-medium text-ink">{nameTime(Date.parse(bucket.starts_at) / 1000)} </span>
        )}
        {told}
      </p>
      <Suspense fallback={<Skeleton className="h-48" />}>
        <BarChart
          times={times}
          layers={layers}
          label={told}
          nameTime={nameTime}
          onHover={setHovered}
          look={look}
        />
      </Suspense>
      <ul className="mt-2 flex flex-wrap gap-x-4 gap-y-1 text-xs text-ink-soft">
        <Key ink="bg-good" name={t.home.answeredKey} />
        <Key ink="bg-bad" name={t.home.failedKey} />
        <Key ink="bg-line-strong" name={t.home.otherKey} />
      </ul>
    </>
  );
}

function Key({ ink, name }: { ink: string; name: string }) {
  return (
    <li className="inline-flex items-center gap-1.5">
      <span aria-hidden="true" className={cn("size-2.5 rounded-sm forced-color-adjust-none", ink)} />
      {name}
    </li>
  );
}

/** All calls at the back, then those that failed upon those that were answered. */
function layersOf(buckets: readonly CallBucket[]): BarLayer[] {
  return [
    { colour: "--line-strong", values: buckets.map(({ calls }) => calls) },
    { colour: "--bad", values: buckets.map(({ answered, failed }) => answered + failed) },
    { colour: "--good", values: buckets.map(({ answered }) => answered) },
  ];
}
