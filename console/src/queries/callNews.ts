import { useQueryClient } from "@tanstack/react-query";
import { type LiveEvent, useEvents } from "@/lib/live";
import { type CallEvent, callEventsQuery, type Turn, transcriptQuery } from "./calls";
import { withTurns } from "./turns";

const TURN = "call.turn";

/** Keep what is shown of one call fresh: its turns come with their events, the rest is fetched anew. */
export function useCallNews(callId: string): void {
  const client = useQueryClient();
  useEvents((all) => {
    const events = all.filter((event) => event.call_id === callId);
    if (events.length === 0) return;
    const turns = events.filter(({ type }) => type === TURN).map(({ data }) => data as unknown as Turn);
    if (turns.length > 0) takeTurns(turns);
    takeEvents(events);
    if (turns.length < events.length) void client.invalidateQueries({ queryKey: ["call", callId] });
  });

  function takeTurns(turns: Turn[]): void {
    const { queryKey } = transcriptQuery(callId);
    const known = client.getQueryData(queryKey);
    // an answer under way may be older than these turns, and would replace them
    if (!known || client.isFetching({ queryKey }) > 0) void client.invalidateQueries({ queryKey });
    if (known) client.setQueryData(queryKey, withTurns(known, turns));
  }

  function takeEvents(events: LiveEvent[]): void {
    client.setQueryData(callEventsQuery(callId).queryKey, (known) => {
      if (!known) return known;
      const last = known.at(-1)?.position ?? 0;
      return [...known, ...events.filter(({ position }) => position > last)] as CallEvent[];
    });
  }
}
