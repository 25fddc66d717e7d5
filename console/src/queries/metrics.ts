import { queryOptions } from "@tanstack/react-query";
import { api, body, type Schema } from "@/lib/api";
import { timeZone } from "@/lib/zone";

export type Summary = Schema<"Summary">;
export type CallBucket = Schema<"Bucket">;
export type Alert = Schema<"Alert">;

const STEADY_MS = 30_000; // figures change with time too, not only with events

/** What happens now, and today so far in the user's zone. */
export function summaryQuery(zone: string = timeZone()) {
  return queryOptions({
    queryKey: ["metrics", "summary", zone],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/metrics/summary", { params: { query: { zone } }, signal })),
    refetchInterval: STEADY_MS,
  });
}

export const SPANS = ["day", "week", "month"] as const;
export type Span = (typeof SPANS)[number];

const HOURS: Record<Span, number> = { day: 24, week: 7 * 24, month: 30 * 24 };

/** Calls of the last day by hour, or of the last week or month by day. */
export function seriesQuery(span: Span, zone: string = timeZone()) {
  return queryOptions({
    queryKey: ["metrics", "calls", span, zone],
    queryFn: ({ signal }) => {
      const from = new Date(Date.now() - (HOURS[span] - 1) * 3_600_000).toISOString();
      const bucket = span === "day" ? ("hour" as const) : ("day" as const);
      return body(api.GET("/api/v1/metrics/calls", { params: { query: { from, bucket, zone } }, signal }));
    },
    refetchInterval: STEADY_MS,
    placeholderData: (before) => before,
  });
}

/** What a person should look at now, the worst first. */
export const alertsQuery = queryOptions({
  queryKey: ["alerts"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/alerts", { signal })),
  refetchInterval: 10_000,
});
