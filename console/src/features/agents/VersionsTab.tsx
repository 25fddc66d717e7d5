import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { History, RotateCcw } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Ago } from "@/components/shared/Ago";
import { Badge } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { Card } from "@/components/ui/Page";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { cn } from "@/lib/classes";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { type Agent, agentQuery, differencesQuery, restoreVersion, versionsQuery } from "@/queries/agents";
import { useMay } from "@/queries/me";
import { Differences } from "./Differences";
import { fieldName } from "./fieldNames";

/** What the agent was; compare with now, or go back. */
export function VersionsTab({ agent }: { agent: Agent }) {
  const t = useText();
  const query = useInfiniteQuery(versionsQuery(agent.id));
  const versions = query.data?.pages.flatMap((page) => page.items) ?? [];
  const [chosen, setChosen] = useState<number | null>(null);
  const shown = chosen ?? Math.max(1, agent.version - 1);
  if (query.isPending) return <SkeletonRows />;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="grid grid-cols-1 items-start gap-6 lg:grid-cols-[20rem_minmax(0,1fr)]">
      <Card flush>
        <ol aria-label={t.agents.tabs.versions}>
          {versions.map((version) => (
            <li key={version.version} className="border-b border-line last:border-0">
              <button
                type="button"
                aria-pressed={version.version === shown}
                onClick={() => setChosen(version.version)}
                className={cn(
                  "flex w-full flex-col gap-1 px-4 py-3 text-left focus-visible:-outline-offset-2 hover:bg-hover",
                  version.version === shown && "bg-accent-soft hover:bg-accent-soft",
                )}
              >
                <span className="flex items-center gap-2 font-medium">
                  {t.agents.version(version.version)}
                  {version.version === agent.version && <Badge tone="good">{t.agents.current}</Badge>}
                </span>
                <span className="text-sm text-ink-soft">
                  {version.author} · <Ago at={version.at} />
                </span>
                <span className="line-clamp-2 text-xs text-ink-soft">
                  {version.version === 1
                    ? t.agents.firstVersion
                    : version.fields.map((field) => fieldName(t, field)).join(", ")}
                </span>
              </button>
            </li>
          ))}
        </ol>
        {query.hasNextPage && (
          <div className="p-3 text-center">
            <Button size="sm" busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
              {t.common.more}
            </Button>
          </div>
        )}
      </Card>
      <Comparison key={shown} agent={agent} version={shown} />
    </div>
  );
}

function Comparison({ agent, version }: { agent: Agent; version: number }) {
  const t = useText();
  const client = useQueryClient();
  const mayWrite = useMay("agents:write");
  const [asking, setAsking] = useState(false);
  const isCurrent = version === agent.version;
  const query = useQuery({ ...differencesQuery(agent.id, version, agent.version), enabled: !isCurrent });
  const restore = useMutation({
    mutationFn: () => restoreVersion(agent.id, version, agent.version),
    onSuccess: (fresh) => {
      client.setQueryData(agentQuery(agent.id).queryKey, fresh);
      toast.success(t.agents.restored(version, fresh.version));
    },
    onError: (error) => toast.error(asProblem(error).message),
    onSettled: () => {
      setAsking(false);
      return client.invalidateQueries({ queryKey: ["agents"] });
    },
  });
  return (
    <Card
      title={isCurrent ? t.agents.thisIsCurrent : t.agents.sinceThen(version, agent.version)}
      actions={
        !isCurrent && (
          <Button blocked={!mayWrite && t.common.notAllowed} onClick={() => setAsking(true)}>
            <RotateCcw aria-hidden="true" />
            {t.agents.restore}
          </Button>
        )
      }
    >
      {isCurrent ? (
        <p className="flex items-center gap-2 text-ink-soft">
          <History aria-hidden="true" className="size-4" />
          {t.agents.chooseVersion}
        </p>
      ) : query.isError ? (
        <ErrorState compact error={query.error} onRetry={() => void query.refetch()} />
      ) : query.data ? (
        <Differences differences={query.data} />
      ) : (
        <SkeletonRows rows={3} />
      )}
      <ConfirmDialog
        open={asking}
        onClose={() => setAsking(false)}
        onConfirm={() => restore.mutate()}
        title={t.agents.restoreTitle(version)}
        action={t.agents.restore}
        busy={restore.isPending}
      >
        {t.agents.restoreText(agent.version + 1)}
      </ConfirmDialog>
    </Card>
  );
}
