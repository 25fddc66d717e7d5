import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { History } from "lucide-react";
import type { ReactNode } from "react";
import { Ago } from "@/components/shared/Ago";
import { type Column, DataTable } from "@/components/ui/DataTable";
import { Card } from "@/components/ui/Page";
import { EmptyState, ErrorState, SkeletonRows } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { auditQuery, type Deed } from "@/queries/users";

/** Who did what. */
export function AuditTab() {
  const t = useText();
  const query = useInfiniteQuery(auditQuery);
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const columns: Column<Deed>[] = [
    { id: "when", header: t.settings.columns.when, width: "w-36", cell: (deed) => <Ago at={deed.at} /> },
    { id: "who", header: t.settings.columns.who, width: "w-56", cell: (deed) => <Who deed={deed} /> },
    { id: "what", header: t.settings.columns.what, width: "w-60", cell: (deed) => <What deed={deed} /> },
    { id: "about", header: t.settings.columns.about, cell: (deed) => <About deed={deed} /> },
  ];
  return (
    <>
      <p className="mb-4 text-ink-soft">{t.settings.auditText}</p>
      <Card flush>
        {query.isPending ? (
          <SkeletonRows />
        ) : query.isError && rows.length === 0 ? (
          <ErrorState error={query.error} onRetry={() => void query.refetch()} />
        ) : rows.length === 0 ? (
          <EmptyState icon={<History />} title={t.settings.auditEmptyTitle}>
            {t.settings.auditEmpty}
          </EmptyState>
        ) : (
          <DataTable
            label={t.settings.tabs.audit}
            rows={rows}
            rowId={(deed) => deed.id}
            columns={columns}
            card={(deed) => (
              <div className="flex flex-col gap-1">
                <p className="flex items-baseline justify-between gap-2">
                  <span className="font-medium">
                    <What deed={deed} />
                  </span>
                  <span className="text-xs text-ink-faint">
                    <Ago at={deed.at} />
                  </span>
                </p>
                <Who deed={deed} />
                <About deed={deed} />
              </div>
            )}
            onEnd={() => query.hasNextPage && !query.isFetchingNextPage && void query.fetchNextPage()}
          />
        )}
      </Card>
    </>
  );
}

function Who({ deed: { actor } }: { deed: Deed }): ReactNode {
  const t = useText();
  const name = actor.name || actor.id;
  return <span title={actor.id}>{actor.kind === "key" ? t.settings.byKeyOf(name) : name}</span>;
}

function What({ deed }: { deed: Deed }): ReactNode {
  const t = useText();
  const known: Partial<Record<string, string>> = t.settings.deeds;
  return known[deed.type] ?? <code className="font-mono text-xs">{deed.type}</code>;
}

/** What a deed was done to: a link where there is a page of it. */
function About({ deed }: { deed: Deed }): ReactNode {
  if (deed.call_id) {
    return (
      <Link
        to="/calls/$callId"
        params={{ callId: deed.call_id }}
        className="font-mono text-xs hover:underline"
      >
        {deed.call_id}
      </Link>
    );
  }
  if (deed.agent_id && deed.type !== "agent.deleted") {
    return (
      <Link
        to="/agents/$agentId"
        params={{ agentId: deed.agent_id }}
        className="font-mono text-xs hover:underline"
      >
        {deed.agent_id}
      </Link>
    );
  }
  const told = ["username", "name", "key_id", "user_id"].map((key) => deed.data[key]).find(Boolean);
  return <span className="text-ink-soft">{typeof told === "string" ? told : deed.agent_id}</span>;
}
