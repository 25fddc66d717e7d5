import { useMutation, useQueryClient } from "@tanstack/react-query";
import { toast } from "sonner";
import { platformName } from "@/components/shared/marks";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { type Agent, agentQuery, discardDraft, isKeptAsDraft, publishDraft } from "@/queries/agents";
import { useMay } from "@/queries/me";
import { fieldName } from "./fieldNames";

/** What needs attention: an agent or changes that could not be published, warnings. */
export function AgentNotices({ agent, touched }: { agent: Agent; touched: boolean }) {
  const isNew = agent.status === "draft";
  return (
    <>
      {(isNew || agent.draft) && <DraftNotice agent={agent} touched={touched} />}
      {!isNew && agent.warnings.length > 0 && (
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
            <span className="font-medium">{fieldName(t, field)}:</span> {instead}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

/** What waits, why, and the ways on. What is typed over it is published with it by saving. */
function DraftNotice({ agent, touched }: { agent: Agent; touched: boolean }) {
  const t = useText();
  const client = useQueryClient();
  const mayWrite = useMay("agents:write");
  const settle = useMutation({
    mutationFn: (publish: boolean) =>
      publish ? publishDraft(agent.id, agent.version) : discardDraft(agent.id),
    onSuccess: (fresh, publish) => {
      client.setQueryData(agentQuery(agent.id).queryKey, fresh);
      toast.success(publish ? t.agents.published : t.agents.discarded);
    },
    onError: (error) => {
      if (isKeptAsDraft(error)) toast.warning(t.agents.stillWaits(platformName(agent.platform)));
      else toast.error(asProblem(error).message);
    },
    onSettled: () => client.invalidateQueries({ queryKey: ["agents"] }),
  });
  const busy = settle.isPending;
  const blocked = !mayWrite ? t.common.notAllowed : touched && t.agents.saveInstead;
  return (
    <Notice>
      <p className="font-medium">
        {agent.draft ? t.agents.draftTitle : t.agents.neverPublished(platformName(agent.platform))}
      </p>
      {agent.draft && (
        <p>
          {Object.keys(agent.draft.values)
            .map((field) => fieldName(t, field))
            .join(", ")}
        </p>
      )}
      <p className="text-ink-soft">{agent.draft?.reason ?? agent.warnings.join(" ")}</p>
      <div className="mt-2 flex flex-wrap gap-2">
        <Button
          size="sm"
          look="primary"
          blocked={blocked}
          disabled={busy}
          busy={busy && settle.variables}
          onClick={() => settle.mutate(true)}
        >
          {t.agents.publish}
        </Button>
        {agent.draft && (
          <Button
            size="sm"
            blocked={!mayWrite && t.common.notAllowed}
            disabled={busy}
            busy={busy && !settle.variables}
            onClick={() => settle.mutate(false)}
          >
            {t.agents.discardDraft}
          </Button>
        )}
      </div>
    </Notice>
  );
}
