import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { PhoneCall, Radio } from "lucide-react";
import { useState } from "react";
import { startPlacing } from "@/components/shared/placing";
import { Button } from "@/components/ui/Button";
import { DataTable } from "@/components/ui/DataTable";
import { Card, Page } from "@/components/ui/Page";
import { EmptyState, ErrorState, SkeletonRows } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { useEvents } from "@/lib/live";
import { liveCallsQuery } from "@/queries/calls";
import { LiveDrawer } from "./LiveDrawer";
import { LiveCard, useLiveColumns } from "./liveColumns";
import { useWalk } from "./useWalk";

const route = getRouteApi("/shell/live");

/** The calls that run now. The one in the drawer is in the address. */
export function LivePage() {
  const t = useText();
  const navigate = useNavigate();
  const { call: opened } = route.useSearch();
  const query = useQuery(liveCallsQuery);
  const rows = query.data?.items ?? [];
  const total = query.data?.total ?? rows.length;
  const words = useLastWords();
  const [marked, setMarked] = useState<string | null>(opened ?? null);
  const columns = useLiveColumns(words);

  const open = (callId: string | undefined) =>
    void navigate({ to: "/live", search: callId ? { call: callId } : {}, replace: true });
  useWalk(rows, marked, (callId, enter) => {
    setMarked(callId);
    document.querySelector<HTMLElement>(`[data-row-link="${callId}"]`)?.focus();
    if (opened || enter) open(callId);
  });

  return (
    <Page
      title={t.live.title}
      description={t.live.description}
      wide
      actions={
        <Button asChild>
          <Link to="/calls">{t.live.past}</Link>
        </Button>
      }
    >
      <Card flush>
        <p role="status" className="border-b border-line px-4 py-3 text-sm text-ink-soft">
          {query.data ? t.live.count(total) : t.common.loading}
          {total > rows.length && ` · ${t.live.onlyNewest(rows.length, total)}`}
        </p>
        {query.isPending ? (
          <SkeletonRows />
        ) : query.isError && rows.length === 0 ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <EmptyState
            icon={<Radio />}
            title={t.live.emptyTitle}
            action={
              <Button look="primary" onClick={() => startPlacing()}>
                <PhoneCall aria-hidden="true" />
                {t.placing.title}
              </Button>
            }
          >
            {t.live.emptyText}
          </EmptyState>
        ) : (
          <DataTable
            label={t.live.title}
            rows={rows}
            rowId={(call) => call.id}
            columns={columns}
            card={(call) => <LiveCard call={call} words={words.get(call.id)} />}
            onOpen={(call) => open(call.id)}
            selected={new Set([opened ?? marked ?? ""])}
          />
        )}
      </Card>
      {opened && <LiveDrawer key={opened} callId={opened} onClose={() => open(undefined)} />}
    </Page>
  );
}

/** The newest words of each call, as they are spoken. */
function useLastWords(): ReadonlyMap<string, string> {
  const [words, setWords] = useState<ReadonlyMap<string, string>>(new Map());
  useEvents((events) => {
    const turns = events.filter(
      ({ type, call_id, data }) => type === "call.turn" && call_id && data.role !== "tool",
    );
    if (turns.length === 0) return;
    setWords((known) => {
      const next = new Map(known);
      for (const { call_id, data } of turns) {
        if (call_id && typeof data.text === "string") next.set(call_id, data.text);
      }
      return next;
    });
  });
  return words;
}
