import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CloudDownload, CloudUpload, RefreshCw, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Ago } from "@/components/shared/Ago";
import { platformName } from "@/components/shared/marks";
import { Badge, type Tone } from "@/components/ui/Badge";
import { Button } from "@/components/ui/Button";
import { CopyText } from "@/components/ui/CopyText";
import { Card } from "@/components/ui/Page";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { type Agent, agentQuery, driftQuery, pullDrift, pushDrift } from "@/queries/agents";
import { useMay } from "@/queries/me";
import { DeleteDialog } from "./DeleteDialog";
import { Differences } from "./Differences";

const TONES: Record<Agent["drift"], Tone> = {
  in_sync: "good",
  changed: "warn",
  missing: "bad",
  unknown: "neutral",
};

/** How the agent stands at its platform, and the two ways to make them agree. */
export function PlatformTab({ agent }: { agent: Agent }) {
  const t = useText();
  const drift = useQuery(driftQuery(agent.id));
  const state = drift.data?.state ?? agent.drift;
  const platform = platformName(agent.platform);
  return (
    <div className="flex flex-col gap-6">
      <Card title={t.agents.ids}>
        <dl className="grid items-baseline gap-x-6 gap-y-2 sm:grid-cols-[10rem_1fr]">
          <dt className="text-ink-soft">Switchboard</dt>
          <dd>
            <CopyText text={agent.id} />
          </dd>
          <dt className="text-ink-soft">{platform}</dt>
          <dd>{agent.remote_id ? <CopyText text={agent.remote_id} /> : t.common.none}</dd>
        </dl>
      </Card>
      <Card
        title={
          <span className="flex items-center gap-2">
            {t.agents.driftTitle(platform)}
            <Badge tone={TONES[state]} dot>
              {t.agents.drift[state]}
            </Badge>
          </span>
        }
        actions={
          <Button size="sm" busy={drift.isFetching} onClick={() => void drift.refetch()}>
            <RefreshCw aria-hidden="true" />
            {t.agents.checkNow}
          </Button>
        }
      >
        {drift.isPending ? (
          <SkeletonRows rows={2} />
        ) : drift.isError ? (
          <ErrorState compact error={drift.error} />
        ) : (
          <div className="flex flex-col gap-4">
            <p className="text-ink-soft">
              {drift.data.detail ?? t.agents.driftTexts[state]}{" "}
              {drift.data.checked_at && (
                <>
                  {t.agents.checked} <Ago at={drift.data.checked_at} />.
                </>
              )}
            </p>
            {drift.data.fields.length > 0 && (
              <Differences
                differences={drift.data.fields.map(({ field, here, there }) => ({
                  field,
                  before: here,
                  after: there,
                }))}
              />
            )}
            {(state === "changed" || state === "missing") && <Agree agent={agent} state={state} />}
          </div>
        )}
      </Card>
    </div>
  );
}

/** Both ways to make here and there agree. One of them deletes the agent when it is gone there, and asks before. */
function Agree({ agent, state }: { agent: Agent; state: "changed" | "missing" }) {
  const t = useText();
  const client = useQueryClient();
  const mayWrite = useMay("agents:write");
  const [deleting, setDeleting] = useState(false);
  const settle = useMutation({
    mutationFn: (way: "pull" | "push") => (way === "pull" ? pullDrift(agent.id) : pushDrift(agent.id)),
    onSuccess: (fresh) => {
      if (fresh) client.setQueryData(agentQuery(agent.id).queryKey, fresh);
      toast.success(t.agents.driftSettled);
    },
    onError: (error) => toast.error(asProblem(error).message),
    onSettled: () => client.invalidateQueries({ queryKey: ["agents"] }),
  });
  const platform = platformName(agent.platform);
  const common = { blocked: !mayWrite && t.common.notAllowed, disabled: settle.isPending };
  return (
    <div className="flex flex-wrap gap-2">
      {state === "missing" ? (
        <Button {...common} onClick={() => setDeleting(true)}>
          <Trash2 aria-hidden="true" />
          {t.agents.deleteHere}
        </Button>
      ) : (
        <Button
          {...common}
          busy={settle.isPending && settle.variables === "pull"}
          onClick={() => settle.mutate("pull")}
        >
          <CloudDownload aria-hidden="true" />
          {t.agents.pull(platform)}
        </Button>
      )}
      <Button
        {...common}
        busy={settle.isPending && settle.variables === "push"}
        onClick={() => settle.mutate("push")}
      >
        <CloudUpload aria-hidden="true" />
        {t.agents.push(platform)}
      </Button>
      {deleting && <DeleteDialog agent={agent} onClose={() => setDeleting(false)} />}
    </div>
  );
}
