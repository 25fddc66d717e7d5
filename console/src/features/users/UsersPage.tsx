import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { UserPlus, Users } from "lucide-react";
import { useState } from "react";
import { Ago } from "@/components/shared/Ago";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { type Column, DataTable } from "@/components/ui/DataTable";
import { SearchInput } from "@/components/ui/inputs";
import { Card, Page } from "@/components/ui/Page";
import { EmptyState, ErrorState, SkeletonRows } from "@/components/ui/states";
import { integer } from "@/lib/format";
import { useText } from "@/lib/i18n";
import { useTyped } from "@/lib/useTyped";
import { meQuery, useMay } from "@/queries/me";
import { type Link, type User, usersQuery } from "@/queries/users";
import { LinkDialog } from "./LinkDialog";
import { NewUserDialog } from "./NewUserDialog";
import { UserActions } from "./UserActions";

/** A one-time link that was just made, and for whom. */
export interface MadeLink {
  name: string;
  link: Link;
}

/** The people of this installation, for admins. */
export function UsersPage() {
  const t = useText();
  const isAdmin = useMay("admin");
  const [adding, setAdding] = useState(false);
  const [made, setMade] = useState<MadeLink | null>(null);
  return (
    <Page
      title={t.users.title}
      description={t.users.text}
      wide
      actions={
        <Button look="primary" blocked={!isAdmin && t.common.notAllowed} onClick={() => setAdding(true)}>
          <UserPlus aria-hidden="true" />
          {t.users.new}
        </Button>
      }
    >
      <Card flush>
        {isAdmin ? (
          <UserTable onLink={setMade} />
        ) : (
          <EmptyState icon={<Users />} title={t.common.notAllowed} />
        )}
      </Card>
      <NewUserDialog open={adding} onClose={() => setAdding(false)} onLink={setMade} />
      <LinkDialog made={made} onClose={() => setMade(null)} />
    </Page>
  );
}

function UserTable({ onLink }: { onLink: (made: MadeLink) => void }) {
  const t = useText();
  const [search, setSearch] = useState("");
  const [typed, setTyped] = useTyped(search, setSearch);
  const query = useInfiniteQuery(usersQuery(search.trim()));
  const rows = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const columns: Column<User>[] = [
    { id: "person", header: t.users.columns.person, cell: (user) => <Person user={user} /> },
    {
      id: "role",
      header: t.users.columns.role,
      width: "w-48",
      cell: (user) => t.shell.roles[user.role],
    },
    { id: "state", header: t.users.columns.state, width: "w-32", cell: (user) => <State user={user} /> },
    {
      id: "seen",
      header: t.users.columns.signedIn,
      width: "w-40",
      align: "right",
      cell: (user) => <span className="text-ink-soft">{seen(user, t.users.never)}</span>,
    },
    {
      id: "actions",
      header: <span className="sr-only">{t.common.moreActions}</span>,
      width: "w-16",
      align: "right",
      cell: (user) => <UserActions user={user} onLink={onLink} />,
    },
  ];
  if (query.isPending) return <SkeletonRows />;
  if (query.isError && rows.length === 0)
    return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <>
      <div className="flex flex-wrap items-center gap-2 border-b border-line p-3">
        <SearchInput
          className="w-full sm:w-72"
          value={typed}
          onValue={setTyped}
          label={t.users.search}
          clearLabel={t.common.clearSearch}
        />
        <p role="status" className="ml-auto px-1 text-sm text-ink-faint">
          {hasNextPage ? "" : t.users.count(integer(rows.length), rows.length === 1)}
        </p>
      </div>
      {rows.length === 0 ? (
        <EmptyState icon={<Users />} title={t.common.nothingFound} />
      ) : (
        <DataTable
          label={t.users.title}
          rows={rows}
          rowId={(user) => user.id}
          columns={columns}
          rowHeight={56}
          card={(user) => (
            <div className="flex flex-col gap-3">
              <div className="flex items-start justify-between gap-2">
                <Person user={user} />
                <UserActions user={user} onLink={onLink} />
              </div>
              <div className="flex items-center gap-3">
                <span className="text-sm text-ink-soft">{t.shell.roles[user.role]}</span>
                <State user={user} />
              </div>
            </div>
          )}
          onEnd={() => hasNextPage && !isFetchingNextPage && void fetchNextPage()}
        />
      )}
    </>
  );
}

function Person({ user }: { user: User }) {
  const t = useText();
  const { data: me } = useQuery(meQuery);
  return (
    <span className="flex min-w-0 flex-col">
      <span className="flex min-w-0 items-center gap-2">
        <span className="truncate font-medium">{user.name}</span>
        {me?.user?.id === user.id && <Badge tone="accent">{t.users.you}</Badge>}
      </span>
      <span className="truncate text-xs text-ink-faint">{user.username}</span>
    </span>
  );
}

function State({ user }: { user: User }) {
  const t = useText();
  if (user.disabled_at) return <Badge tone="bad">{t.users.states.disabled}</Badge>;
  if (!user.has_password) return <Badge tone="warn">{t.users.states.invited}</Badge>;
  return <Badge tone="good">{t.users.states.active}</Badge>;
}

function seen(user: User, never: string) {
  return user.last_signed_in_at ? <Ago at={user.last_signed_in_at} /> : never;
}
