import { Link } from "@tanstack/react-router";
import { Ago } from "@/components/shared/Ago";
import { AgentNotes, AgentStatus } from "@/components/shared/agentMarks";
import { PlatformMark } from "@/components/shared/marks";
import type { AgentLine } from "@/queries/agents";
import { SelectAgent, type Selection } from "./agentColumns";

/** A line of the list on a telephone. */
export function AgentCard({ agent, selection }: { agent: AgentLine; selection: Selection }) {
  return (
    <div className="flex flex-col gap-2">
      <div className="flex items-center gap-2">
        {selection.selectable && <SelectAgent agent={agent} selection={selection} />}
        <Link
          to="/agents/$agentId"
          params={{ agentId: agent.id }}
          data-row-link
          className="min-w-0 flex-1 truncate py-1 font-medium hover:underline"
        >
          {agent.name}
        </Link>
        <AgentStatus status={agent.status} />
      </div>
      <div className="flex flex-wrap items-center gap-2 text-sm text-ink-faint">
        <PlatformMark platform={agent.platform} />
        <AgentNotes agent={agent} />
        <span className="ml-auto">
          <Ago at={agent.updated_at} />
        </span>
      </div>
    </div>
  );
}
