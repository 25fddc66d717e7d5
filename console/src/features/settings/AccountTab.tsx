import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { KeyRound, MonitorSmartphone } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Ago } from "@/components/shared/Ago";
import { ChangePassword } from "@/components/shared/ChangePassword";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { Card } from "@/components/ui/Page";
import { ErrorState, Notice, SkeletonRows } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { endSession, meQuery, type OwnSession, sessionsQuery } from "@/queries/me";
import { browserOf } from "./browser";

/** The user's own password and sessions. */
export function AccountTab() {
  const t = useText();
  const { data: me } = useQuery(meQuery);
  const [changing, setChanging] = useState(false);
  if (me && !me.user) return <Notice tone="accent">{t.settings.byKey}</Notice>;
  return (
    <div className="flex flex-col gap-6">
      <Card title={t.settings.whoYouAre}>
        <div className="flex flex-wrap items-center justify-between gap-4">
          <div>
            <p className="flex flex-wrap items-center gap-2">
              <span className="font-medium">{me?.user?.name}</span>
              {me?.user && <Badge tone="accent">{t.shell.roles[me.user.role]}</Badge>}
            </p>
            <p className="text-sm text-ink-faint">{me?.user?.username}</p>
            <p className="mt-2 text-sm text-ink-soft">{t.settings.passwordText}</p>
          </div>
          <Button onClick={() => setChanging(true)}>
            <KeyRound aria-hidden="true" />
            {t.shell.changePassword}
          </Button>
        </div>
      </Card>
      <Sessions />
      <ChangePassword open={changing} onClose={() => setChanging(false)} />
    </div>
  );
}

function Sessions() {
  const t = useText();
  const query = useQuery(sessionsQuery);
  return (
    <Card title={t.settings.sessions} flush>
      {query.isPending ? (
        <SkeletonRows rows={2} />
      ) : query.isError ? (
        <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <ul>
          {query.data.map((session) => (
            <SessionLine key={session.id} session={session} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function SessionLine({ session }: { session: OwnSession }) {
  const t = useText();
  const client = useQueryClient();
  const { browser, system } = browserOf(session.user_agent);
  const name = browser ? (system ? t.settings.on(browser, system) : browser) : t.settings.unknownBrowser;
  const end = useMutation({
    mutationFn: () => endSession(session.id),
    onSuccess: () => {
      toast.success(t.settings.ended);
      return client.invalidateQueries({ queryKey: sessionsQuery.queryKey });
    },
    onError: (error) => toast.error(asProblem(error).message),
  });
  return (
    <li className="flex flex-wrap items-center gap-3 border-b border-line p-4 last:border-0">
      <MonitorSmartphone aria-hidden="true" className="size-5 shrink-0 text-ink-faint" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 font-medium">
          {name}
          {session.current && <Badge tone="good">{t.settings.thisBrowser}</Badge>}
        </p>
        <p className="text-sm text-ink-faint">
          {session.address} · {t.settings.lastUsed} <Ago at={session.last_used_at} />
          {session.via === "link" && ` · ${t.settings.viaLink}`}
        </p>
      </div>
      {!session.current && (
        <Button
          size="sm"
          aria-label={t.settings.signOutOf(name)}
          busy={end.isPending}
          onClick={() => end.mutate()}
        >
          {t.settings.signOutThere}
        </Button>
      )}
    </li>
  );
}
