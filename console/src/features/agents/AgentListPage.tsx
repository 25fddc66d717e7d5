import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Bot, Plus } from "lucide-react";
import { useCallback, useState } from "react";
import { ImportButton } from "@/components/shared/ImportButton";
import { Button } from "@/components/ui/Button";
import { DataTable } from "@/components/ui/DataTable";
import { Card, Page } from "@/components/ui/Page";
import { EmptyState, ErrorState, SkeletonRows } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { type AgentLine, type AgentSort, agentsQuery } from "@/queries/agents";
import { useMay } from "@/queries/me";
import { AgentCard } from "./AgentCard";
import { AgentFilters } from "./AgentFilters";
import { useAgentColumns } from "./agentColumns";
import { BulkBar } from "./BulkBar";

const route = getRouteApi("/shell/agents");

export function AgentListPage() {
  const t = useText();
  const navigate = useNavigate();
  const filter = route.useSearch();
  const mayWrite = useMay("agents:write");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const query = useInfiniteQuery(agentsQuery({ sort: "-updated_at", ...filter }));
  const rows = query.data?.pages.flatMap((page) => page.items) ?? [];
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  const chosen = rows.filter((agent) => selected.has(agent.id));
  const selection = { rows, selected, onSelect: setSelected, selectable: mayWrite };
  const columns = useAgentColumns(selection);
  const filtered = Boolean(filter.search || filter.platform || filter.status);
  const open = (agent: AgentLine) => void navigate({ to: "/agents/$agentId", params: { agentId: agent.id } });

  return (
    <Page
      title={t.agents.title}
      wide
      actions={
        <>
          <ImportButton />
          <NewAgentButton />
        </>
      }
    >
      <Card flush>
        <AgentFilters filter={filter} shown={rows.length} complete={!hasNextPage} />
        {query.isPending ? (
          <SkeletonRows />
        ) : query.isError && rows.length === 0 ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <NoAgents filtered={filtered} />
        ) : (
          <DataTable
            label={t.agents.title}
            rows={rows}
            rowId={(agent) => agent.id}
            columns={columns}
            card={(agent) => <AgentCard agent={agent} selection={selection} />}
            onOpen={open}
            selected={selected}
            sort={{
              value: filter.sort ?? "-updated_at",
              onSort: (sort) =>
                void navigate({ to: "/agents", search: { ...filter, sort: sort as AgentSort } }),
            }}
            onEnd={more}
          />
        )}
      </Card>
      {chosen.length > 0 && <BulkBar agents={chosen} onLeft={(ids) => setSelected(new Set(ids))} />}
    </Page>
  );
}

function NoAgents({ filtered }: { filtered: boolean }) {
  const t = useText();
  if (filtered) {
    return (
      <EmptyState
        icon={<Bot />}
        title={t.agents.noneFitTitle}
        action={
          <Button asChild>
            <Link to="/agents">{t.agents.clearFilters}</Link>
          </Button>
        }
      >
        {t.agents.noneFitText}
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<Bot />} title={t.agents.emptyTitle} action={<NewAgentButton />}>
      {t.agents.emptyText}
    </EmptyState>
  );
}

function NewAgentButton() {
  const t = useText();
  const mayWrite = useMay("agents:write");
  const content = (
    <>
      <Plus aria-hidden="true" />
      {t.agents.new}
    </>
  );
  if (!mayWrite) {
    return (
      <Button look="primary" blocked={t.common.notAllowed}>
        {content}
      </Button>
    );
  }
  return (
    <Button look="primary" asChild>
      <Link to="/agents/new">{content}</Link>
    </Button>
  );
}
