import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body, newIntent, page, type Schema, send } from "@/lib/api";
import { timeZone } from "@/lib/zone";

export type Call = Schema<"CallOut">;
export type CallStatus = Call["status"];
export type Turn = Schema<"TurnOut">;
export type Leg = Schema<"LegOut">;
export type CostLine = Schema<"CostLineOut">;
export type VendorRecord = Schema<"RecordOut">;
export type CallEvent = Schema<"EventOut">;

/** Statuses of calls that did not end yet, in their order. */
export const LIVE_STATUSES = ["queued", "initiated", "ringing", "in-progress"] as const;
export const FINAL_STATUSES = ["completed", "busy", "no-answer", "failed", "canceled"] as const;

export function isLive(call: { status: CallStatus }): boolean {
  return LIVE_STATUSES.some((status) => status === call.status);
}

export interface CallFilter {
  agent_id?: string | undefined;
  platform?: string | undefined;
  status?: CallStatus[] | undefined;
  reason?: string | undefined;
  direction?: Call["direction"] | undefined;
  number?: string | undefined;
  text?: string | undefined;
  /** Instants, the second exclusive. */
  created_from?: string | undefined;
  created_to?: string | undefined;
}

/** Calls by page, newest first. Not below `["calls"]`: news goes into the list one by one (features/calls/useListNews.ts). */
export function callsQuery(filter: CallFilter) {
  return infiniteQueryOptions({
    queryKey: ["call-list", filter],
    queryFn: ({ pageParam, signal }) => callPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    // fetching a hundred pages anew because somebody came back is left to nobody
    refetchOnMount: false,
    refetchOnWindowFocus: false,
  });
}

export function callPage(filter: CallFilter, cursor: string | null, signal?: AbortSignal) {
  const query = { ...filter, limit: 100, ...(cursor ? { cursor } : {}) };
  return page(api.GET("/api/v1/calls", { params: { query }, ...(signal ? { signal } : {}) }));
}

/** Calls that did not end yet, the newest 200, and how many there are. */
export const liveCallsQuery = queryOptions({
  queryKey: ["calls", "live"],
  queryFn: ({ signal }) =>
    page(api.GET("/api/v1/calls", { params: { query: { status: [...LIVE_STATUSES], limit: 200 } }, signal })),
  staleTime: 0,
});

/** The running call to a number that bears this carrier id, or else the oldest one: its line rings first. */
export async function liveCallTo(number: string, carrierId: string): Promise<Call | undefined> {
  const query = { number, status: [...LIVE_STATUSES] };
  const calls = await body(api.GET("/api/v1/calls", { params: { query } }));
  return calls.find((call) => call.carrier_id === carrierId) ?? calls.at(-1);
}

/** What is known of a call is kept fresh only while it is shown; whoever opens it again fetches it anew. */
const UNWATCHED = 0;

const at = (callId: string) => ({ path: { call_id: callId } });

export function callQuery(callId: string) {
  return queryOptions({
    queryKey: ["call", callId, "itself"],
    staleTime: UNWATCHED,
    queryFn: ({ signal }) => body(api.GET("/api/v1/calls/{call_id}", { params: at(callId), signal })),
  });
}

export function transcriptQuery(callId: string) {
  return queryOptions({
    queryKey: ["call", callId, "transcript"],
    staleTime: UNWATCHED,
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/calls/{call_id}/transcript", { params: at(callId), signal })),
  });
}

export function timelineQuery(callId: string) {
  return queryOptions({
    queryKey: ["call", callId, "timeline"],
    staleTime: UNWATCHED,
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/calls/{call_id}/timeline", { params: at(callId), signal })),
  });
}

export function costQuery(callId: string) {
  return queryOptions({
    queryKey: ["call", callId, "cost"],
    staleTime: UNWATCHED,
    queryFn: ({ signal }) => body(api.GET("/api/v1/calls/{call_id}/cost", { params: at(callId), signal })),
  });
}

export function callEventsQuery(callId: string) {
  return queryOptions({
    queryKey: ["call", callId, "events"],
    staleTime: UNWATCHED,
    queryFn: ({ signal }) => body(api.GET("/api/v1/calls/{call_id}/events", { params: at(callId), signal })),
  });
}

export function recordsQuery(callId: string) {
  return queryOptions({
    queryKey: ["call", callId, "records"],
    staleTime: UNWATCHED,
    queryFn: ({ signal }) => body(api.GET("/api/v1/calls/{call_id}/records", { params: at(callId), signal })),
  });
}

/** Where the recording plays from; with `download` it comes as a file. */
export function recordingAddress(callId: string, download = false): string {
  return `/api/v1/calls/${encodeURIComponent(callId)}/recording${download ? "?download=1" : ""}`;
}

/** The whole recording. Outside the cache of queries, which would keep it for minutes. */
export async function fetchRecording(callId: string, signal: AbortSignal): Promise<Blob> {
  return (await send(recordingAddress(callId), { signal })).blob();
}

/** The list as a spreadsheet, with times in the user's zone. */
export function exportAddress(filter: CallFilter): string {
  const query = new URLSearchParams({ zone: timeZone() });
  for (const [name, value] of Object.entries(filter)) {
    for (const one of [value].flat()) if (one !== undefined) query.append(name, String(one));
  }
  return `/api/v1/calls.csv?${query}`;
}

/** Ring a phone. With the same `intent` a second try rings no second time. */
export function placeCall(order: Schema<"CallIn">, intent: string = newIntent()): Promise<Call> {
  return body(api.POST("/api/v1/calls", { params: { header: { "Idempotency-Key": intent } }, body: order }));
}

/** Ask for the end of a call. Raises a Problem `call-already-ended` when it is over. */
export function hangUp(callId: string): Promise<Call> {
  return body(api.POST("/api/v1/calls/{call_id}/hangup", { params: at(callId) }));
}
