import { useInfiniteQuery } from "@tanstack/react-query";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { Ago } from "@/components/shared/Ago";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { type Column, DataTable } from "@/components/ui/DataTable";
import { Card } from "@/components/ui/Page";
import { EmptyState, ErrorState, SkeletonRows } from "@/components/ui/states";
import { date } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { type Key, keysQuery, type NewKey } from "@/queries/keys";
import { useMay } from "@/queries/me";
import { NewKeyDialog } from "./NewKeyDialog";
import { RevokeButton } from "./RevokeButton";
import { SecretDialog } from "./SecretDialog";

export function KeysTab() {
  const t = useText();
  const may = useMay("keys:write");
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<NewKey | null>(null);
  const add = (
    <Button look="primary" blocked={!may && t.developers.noRight} onClick={() => setAdding(true)}>
      <Plus aria-hidden="true" />
      {t.developers.newKey}
    </Button>
  );
  return (
    <>
      <Card flush title={t.developers.tabs.keys} actions={add}>
        {may ? <KeyTable /> : <EmptyState icon={<KeyRound />} title={t.developers.noRight} />}
      </Card>
      {adding && <NewKeyDialog onClose={() => setAdding(false)} onMade={setMade} />}
      <SecretDialog made={made} onClose={() => setMade(null)} />
    </>
  );
}

function KeyTable() {
  const t = useText();
  const query = useInfiniteQuery(keysQuery);
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const columns: Column<Key>[] = [
    { id: "name", header: t.developers.columns.name, cell: (key) => <Named of={key} /> },
    {
      id: "scopes",
      header: t.developers.columns.scopes,
      width: "w-[26rem]",
      cell: (key) => (
        <span title={key.scopes.join(", ")} className="line-clamp-2 font-mono text-xs whitespace-normal">
          {key.scopes.join(", ")}
        </span>
      ),
    },
    {
      id: "used",
      header: t.developers.columns.used,
      width: "w-36",
      cell: (key) => (key.last_used_at ? <Ago at={key.last_used_at} /> : t.developers.neverUsed),
    },
    { id: "state", header: t.developers.columns.state, width: "w-28", cell: (key) => <State of={key} /> },
    {
      id: "revoke",
      header: <span className="sr-only">{t.developers.revoke}</span>,
      width: "w-28",
      align: "right",
      cell: (key) => <RevokeButton of={key} />,
    },
  ];
  if (query.isPending) return <SkeletonRows />;
  if (query.isError && rows.length === 0)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  if (rows.length === 0)
    return (
      <EmptyState icon={<KeyRound />} title={t.developers.emptyTitle}>
        {t.developers.emptyText}
      </EmptyState>
    );
  return (
    <DataTable
      label={t.developers.tabs.keys}
      rows={rows}
      rowId={(key) => key.id}
      columns={columns}
      rowHeight={56}
      card={(key) => (
        <div className="flex flex-col gap-2">
          <div className="flex items-start justify-between gap-2">
            <Named of={key} />
            <State of={key} />
          </div>
          <p className="font-mono text-xs break-words text-ink-soft">{key.scopes.join(", ")}</p>
          <RevokeButton of={key} />
        </div>
      )}
      onEnd={() => query.hasNextPage && !query.isFetchingNextPage && void query.fetchNextPage()}
    />
  );
}

function Named({ of: key }: { of: Key }) {
  const t = useText();
  return (
    <span className="flex min-w-0 flex-col">
      <span className="truncate font-medium">{key.name}</span>
      <span className="truncate text-xs text-ink-faint">
        <code className="font-mono">{key.prefix}…</code>
        {key.expires_at && !key.revoked_at && ` · ${t.developers.until(date(key.expires_at))}`}
      </span>
    </span>
  );
}

function State({ of: key }: { of: Key }) {
  const t = useText();
  if (key.revoked_at) return <Badge tone="bad">{t.developers.states.revoked}</Badge>;
  if (key.expires_at && new Date(key.expires_at).getTime() < Date.now())
    return <Badge tone="warn">{t.developers.states.expired}</Badge>;
  return <Badge tone="good">{t.developers.states.active}</Badge>;
}
