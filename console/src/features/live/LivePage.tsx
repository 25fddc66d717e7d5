import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { PhoneCall, Radio } from "lucide-react";
import { useMemo, useState } from "react";
import { startPlacing } from "@/components/shared/placing";
import { Button } from "@/components/ui/Button";
import { DataTable } from "@/components/ui/DataTable";
import { Card, Page } from "@/components/ui/Page";
import { EmptyState, ErrorState, SkeletonRows } from "@/components/ui/states";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import { type Call, liveCallsQuery } from "@/queries/calls";
import { LiveDrawer } from "./LiveDrawer";
import { LastWordsContext, useLastWords } from "./lastWords";
import { LiveCard, useLiveColumns } from "./liveColumns";
import { useWalk } from "./useWalk";

const route = getRouteApi("/shell/live");
const card = (call: Call) => <LiveCard call={call} />;

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
  const columns = useLiveColumns();

  const open = (callId: string | undefined) =>
    void navigate({ to: "/live", search: callId ? { call: callId } : {}, replace: true });
  const close = () => {
    open(undefined);
    setMarked(opened ?? null);
    focusRow(opened);
  };
  useWalk(rows, marked, (callId, enter) => {
    setMarked(callId);
    focusRow(callId);
    if (opened || enter) open(callId);
  });

  const current = opened ?? marked;
  const selected = useMemo(() => new Set(current ? [current] : []), [current]);

  return (
    <div className={cn(opened && "lg:pr-[26rem]")}>
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
          <p className="border-b border-line px-4 py-3 text-sm text-ink-soft">
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
            <LastWordsContext value={words}>
              <DataTable
                label={t.live.title}
                rows={rows}
                rowId={(call) => call.id}
                columns={columns}
                card={card}
                onOpen={(call) => open(call.id)}
                selected={selected}
              />
            </LastWordsContext>
          )}
        </Card>
        {opened && <LiveDrawer key={opened} callId={opened} onClose={close} />}
      </Page>
    </div>
  );
}

/** The keyboard goes on at the call; at the list's first one where it has left, or else at the page. */
function focusRow(callId: string | undefined): void {
  const places = [`[data-row-link="${callId}"]`, "[data-row-link]", "#main"];
  const found = places.map((place) => document.querySelector<HTMLElement>(place)).find((one) => one !== null);
  found?.focus();
}
