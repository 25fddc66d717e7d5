import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { refreshedBy } from "./refreshes";
import { followEvents, type LiveEvent } from "./stream";

export { type LiveEvent, liveState } from "./stream";

type Handler = (events: LiveEvent[]) => void;
const handlers = new Set<Handler>();
const GATHER_MS = 250;

/** Follow the log for as long as this is mounted, and keep queries fresh. Once per page: the shell's. */
export function useLiveUpdates(): void {
  const client = useQueryClient();
  useEffect(() => {
    const pending = new Map<string, readonly unknown[]>();
    let timer: number | undefined;
    const refresh = () => {
      timer = undefined;
      for (const queryKey of pending.values()) void client.invalidateQueries({ queryKey });
      pending.clear();
    };
    const stop = followEvents({
      onEvents(events) {
        for (const handler of handlers) handler(events);
        for (const event of events) for (const key of refreshedBy(event.type)) pending.set(String(key), key);
        if (pending.size > 0 && timer === undefined) timer = window.setTimeout(refresh, GATHER_MS);
      },
      onGap: () => void client.invalidateQueries(),
      onRefused: () => void client.invalidateQueries({ queryKey: ["me"] }),
    });
    return () => {
      window.clearTimeout(timer);
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
