import { Link } from "@tanstack/react-router";
import { Ago } from "@/components/shared/Ago";
import { AgentNotes, AgentStatus } from "@/components/shared/agentMarks";
import { PlatformMark } from "@/components/shared/marks";
import type { Column } from "@/components/ui/DataTable";
import { Checkbox } from "@/components/ui/inputs";
import { languageName } from "@/lib/format";
import { useText } from "@/lib/i18n";
import type { AgentLine } from "@/queries/agents";

export interface Selection {
  rows: readonly AgentLine[];
  selected: ReadonlySet<string>;
  onSelect: (selected: ReadonlySet<string>) => void;
  selectable: boolean;
}

export function useAgentColumns(selection: Selection): Column<AgentLine>[] {
  const t = useText();
  const { rows, selected, onSelect, selectable } = selection;
  const all = rows.length > 0 && rows.every((agent) => selected.has(agent.id));
  const columns: Column<AgentLine>[] = [
    {
      id: "name",
      header: t.agents.columns.name,
      sort: "name",
      cell: (agent) => (
        <span className="flex min-w-0 flex-col">
          <Link
            to="/agents/$agentId"
            params={{ agentId: agent.id }}
            data-row-link
            className="truncate font-medium hover:underline"
          >
            {agent.name}
          </Link>
          <span className="truncate text-xs text-ink-faint">{languageName(agent.language)}</span>
        </span>
      ),
    },
    {
      id: "platform",
      header: t.agents.columns.platform,
      width: "w-36",
      cell: (agent) => <PlatformMark platform={agent.platform} />,
    },
    {
      id: "status",
      header: t.agents.columns.status,
      width: "w-28",
      cell: (agent) => <AgentStatus status={agent.status} />,
    },
    {
      id: "notes",
      header: t.agents.columns.notes,
      width: "w-72",
      cell: (agent) => <AgentNotes agent={agent} />,
    },
    {
      id: "updated",
      header: t.agents.columns.updated,
      sort: "updated_at",
      width: "w-36",
      align: "right",
      cell: (agent) => (
        <span className="text-ink-soft">
          <Ago at={agent.updated_at} />
        </span>
      ),
    },
  ];
  if (!selectable) return columns;
  return [
    {
      id: "select",
      header: (
        <Checkbox
          label={t.agents.selectAll}
          checked={all ? true : selected.size > 0 ? "indeterminate" : false}
          onCheckedChange={() => onSelect(all ? new Set() : new Set(rows.map((agent) => agent.id)))}
        />
      ),
      width: "w-12",
      cell: (agent) => <SelectAgent agent={agent} selection={selection} />,
    },
    ...columns,
  ];
}

export function SelectAgent({ agent, selection }: { agent: AgentLine; selection: Selection }) {
  const t = useText();
  const { selected, onSelect } = selection;
  return (
    <Checkbox
      label={t.agents.select(agent.name)}
      checked={selected.has(agent.id)}
      onCheckedChange={() => {
        const next = new Set(selected);
        if (!next.delete(agent.id)) next.add(agent.id);
        onSelect(next);
      }}
    />
  );
}
