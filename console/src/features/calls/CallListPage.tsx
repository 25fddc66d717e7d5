import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Download, Phone, PhoneCall } from "lucide-react";
import { useCallback, useMemo } from "react";
import { startPlacing } from "@/components/shared/placing";
import { Button } from "@/components/ui/Button";
import { DataTable } from "@/components/ui/DataTable";
import { Card, Page } from "@/components/ui/Page";
import { EmptyState, ErrorState, SkeletonRows } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { type Call, callsQuery, exportAddress } from "@/queries/calls";
import { CallFilters } from "./CallFilters";
import { CallCard, useCallColumns } from "./callColumns";
import { filterOf } from "./search";
import { useListNews } from "./useListNews";

const route = getRouteApi("/shell/calls");

/** Every call that was ever placed, newest first. */
export function CallListPage() {
  const t = useText();
  const navigate = useNavigate();
  const search = route.useSearch();
  const filter = filterOf(search);
  const query = useInfiniteQuery(callsQuery(filter));
  useListNews(filter);
  const rows = useMemo(() => query.data?.pages.flatMap((page) => page.items) ?? [], [query.data]);
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const columns = useCallColumns();
  const open = (call: Call) => void navigate({ to: "/calls/$callId", params: { callId: call.id } });

  return (
    <Page
      title={t.calls.title}
      wide
      actions={
        <Button asChild>
          <a href={exportAddress(filter)} download="calls.csv">
            <Download aria-hidden="true" />
            {t.calls.export}
          </a>
        </Button>
      }
    >
      <Card flush>
        <CallFilters
          search={search}
          loaded={query.isSuccess}
          shown={rows.length}
          total={query.data?.pages[0]?.total ?? null}
        />
        {query.isPending ? (
          <SkeletonRows />
        ) : query.isError && rows.length === 0 ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <NoCalls filtered={Object.keys(search).length > 0} />
        ) : (
          <DataTable
            label={t.calls.title}
            rows={rows}
            rowId={(call) => call.id}
            columns={columns}
            card={(call) => <CallCard call={call} />}
            onOpen={open}
            onEnd={more}
          />
        )}
      </Card>
    </Page>
  );
}

function NoCalls({ filtered }: { filtered: boolean }) {
  const t = useText();
  if (filtered) {
    return (
      <EmptyState
        icon={<Phone />}
        title={t.calls.noneFitTitle}
        action={
          <Button asChild>
            <Link to="/calls">{t.calls.filters.clear}</Link>
          </Button>
        }
      >
        {t.calls.noneFitText}
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<Phone />}
      title={t.calls.emptyTitle}
      action={
        <Button look="primary" onClick={() => startPlacing()}>
          <PhoneCall aria-hidden="true" />
          {t.placing.title}
        </Button>
      }
    >
      {t.calls.emptyText}
    </EmptyState>
  );
}
