import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { Refresher } from "./beats";
import { refreshedBy } from "./refreshes";
import { followEvents, type LiveEvent } from "./stream";

export { type LiveEvent, liveState } from "./stream";

type Handler = (events: LiveEvent[]) => void;
const handlers = new Set<Handler>();

/** Follow the log for as long as this is mounted, and keep queries fresh. Once per page: the shell's. */
export function useLiveUpdates(): void {
  const client = useQueryClient();
  useEffect(() => {
    const refresher = new Refresher((queryKey) => client.invalidateQueries({ queryKey }));
    const stop = followEvents({
      onEvents(events) {
        for (const handler of handlers) handler(events);
        for (const type of new Set(events.map((event) => event.type)))
          for (const key of refreshedBy(type)) refresher.note(key);
      },
      onGap: () => void client.invalidateQueries(),
      onRefused: () => void client.invalidateQueries({ queryKey: ["me"] }),
    });
    return () => {
      refresher.stop();
      stop();
    };
  }, [client]);
}

/** Hear of every event at once, before queries refresh: for turns, progress and other small news. */
export function useEvents(handler: Handler): void {
  const latest = useEffectEvent(handler);
  useEffect(() => {
    const heard: Handler = (events) => latest(events);
    handlers.add(heard);
    return () => {
      handlers.delete(heard);
    };
  }, []);
}
