import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { type Agent, discardDraft, publishDraft } from "@/queries/agents";
import { useMay } from "@/queries/me";

/** What needs attention: a draft that could not be published, warnings. */
export function AgentNotices({ agent }: { agent: Agent }) {
  return (
    <>
      {agent.draft && <DraftNotice agent={agent} reason={agent.draft.reason} />}
      {agent.warnings.length > 0 && (
        <Notice>
          <ul>
            {agent.warnings.map((warning) => (
              <li key={warning}>{warning}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

/** What the platform cannot express of the agent, and what happens instead. */
export function LossReport({ agent }: { agent: Agent }) {
  const t = useText();
  if (!agent.losses || agent.losses.length === 0) return null;
  return (
    <Notice tone="accent">
      <p className="font-medium">{t.agents.lossesTitle}</p>
      <ul className="mt-1">
        {agent.losses.map(({ field, instead }) => (
          <li key={field + instead}>
            <code className="font-mono text-xs">{field}</code> {instead}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function DraftNotice({ agent, reason }: { agent: Agent; reason: string }) {
  const t = useText();
  const client = useQueryClient();
  const mayWrite = useMay("agents:write");
  const settle = useMutation({
    mutationFn: (publish: boolean) => (publish ? publishDraft(agent.id) : discardDraft(agent.id)),
    onSuccess: (fresh) => client.setQueryData(["agents", "one", agent.id], fresh),
    onError: (error) => toast.error(asProblem(error).message),
    onSettled: () => client.invalidateQueries({ queryKey: ["agents"] }),
  });
  return (
    <Notice>
      <p className="font-medium">{t.agents.draftTitle}</p>
      <p>{reason}</p>
      <div className="mt-2 flex gap-2">
        <Button
          size="sm"
          look="primary"
          disabled={!mayWrite}
          busy={settle.isPending && settle.variables}
          onClick={() => settle.mutate(true)}
        >
          {t.agents.publish}
        </Button>
        <Button
          size="sm"
          disabled={!mayWrite}
          busy={settle.isPending && !settle.variables}
          onClick={() => settle.mutate(false)}
        >
          {t.agents.discardDraft}
        </Button>
      </div>
    </Notice>
  );
}
