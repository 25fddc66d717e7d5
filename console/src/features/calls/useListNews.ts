import { type InfiniteData, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useRef } from "react";
import type { Page } from "@/lib/api";
import { useEvents } from "@/lib/live";
import { type Call, type CallFilter, callPage, callQuery, callsQuery } from "@/queries/calls";
import { refreshed, replaced } from "./refreshed";

type Loaded = InfiniteData<Page<Call>, string | null>;

const EVERY_MS = 1000;
/** Older calls that change are fetched one by one; this many at most each time. */
const MOST_OLDER = 20;

/** Keep the loaded part of a list of any length fresh without fetching all of it again. */
export function useListNews(filter: CallFilter): void {
  const client = useQueryClient();
  const changed = useRef(new Set<string>());
  const timer = useRef<number | undefined>(undefined);
  const { queryKey } = callsQuery(filter);

  const later = () => {
    timer.current ??= window.setTimeout(() => void refresh(), EVERY_MS);
  };
  const refresh = useEffectEvent(async () => {
    timer.current = undefined;
    const ids = [...changed.current];
    changed.current.clear();
    if (!client.getQueryData<Loaded>(queryKey)) return;
    const fresh = await callPage(filter, null).catch(() => null);
    // a page under way is put to the pages as they were when it was asked for, and would undo this
    const undone = client.isFetching({ queryKey }) > 0;
    if (!fresh || undone) {
      changed.current = new Set([...changed.current, ...ids]);
      return undone && later();
    }
    put((pages) => refreshed(pages, fresh));
    for (const id of shownBelow(fresh, ids)) {
      const call = await client.fetchQuery({ ...callQuery(id), staleTime: 0 }).catch(() => null);
      if (call) put((pages) => replaced(pages, call));
    }
  });

  const put = (change: (pages: Page<Call>[]) => Page<Call>[]) =>
    client.setQueryData<Loaded>(queryKey, (known) => {
      if (!known) return known;
      const pages = change(known.pages);
      return { pages, pageParams: known.pageParams.slice(0, pages.length) };
    });

  /** Those that are in the list, but not on its newest page. */
  const shownBelow = (fresh: Page<Call>, ids: readonly string[]) => {
    const pages = client.getQueryData<Loaded>(queryKey)?.pages ?? [];
    const below = new Set(pages.flatMap(({ items }) => items.map(({ id }) => id)));
    for (const { id } of fresh.items) below.delete(id);
    return ids.filter((id) => below.has(id)).slice(0, MOST_OLDER);
  };

  useEvents((events) => {
    for (const { type, call_id } of events) {
      if (call_id && type !== "call.turn") changed.current.add(call_id);
    }
    if (changed.current.size > 0) later();
  });
  const shown = JSON.stringify(filter);
  // a list that was left and is shown again missed what happened meanwhile
  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter is another list
  useEffect(() => {
    later();
    return () => {
      window.clearTimeout(timer.current);
      timer.current = undefined;
    };
  }, [shown]);
}
