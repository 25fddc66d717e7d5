import { Badge, type Tone } from "@/components/ui/Badge";
import { useText } from "@/lib/i18n";
import type { AgentLine } from "@/queries/agents";

const STATUS_TONES: Record<AgentLine["status"], Tone> = {
  active: "good",
  inactive: "neutral",
  draft: "warn",
  deleted: "bad",
};

export function AgentStatus({ status }: { status: AgentLine["status"] }) {
  const t = useText();
  return (
    <Badge tone={STATUS_TONES[status]} dot>
      {t.agents.status[status]}
    </Badge>
  );
}

/** What needs attention about an agent; nothing when all is well. */
export function AgentNotes({ agent }: { agent: AgentLine }) {
  const t = useText();
  const drifted = agent.drift === "changed" || agent.drift === "missing";
  return (
    <span className="inline-flex flex-wrap items-center gap-1">
      {drifted && (
        <Badge tone={agent.drift === "missing" ? "bad" : "warn"}>{t.agents.drift[agent.drift]}</Badge>
      )}
      {agent.draft && <Badge tone="accent">{t.agents.hasDraft}</Badge>}
      {agent.warnings.length > 0 && <Badge tone="warn">{t.agents.warnings(agent.warnings.length)}</Badge>}
    </span>
  );
}
