import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { Combobox } from "@/components/ui/Combobox";
import { useText } from "@/lib/i18n";
import { agentQuery, agentsFound } from "@/queries/agents";
import { PlatformGlyph } from "./marks";

interface AgentPickerProps {
  value: string | null;
  onValue: (agentId: string | null) => void;
  placeholder: string;
  /** The name of having chosen none; without it one must be chosen. */
  anyText?: string;
  /** Only agents of this platform. */
  platform?: "ultravox" | "elevenlabs" | undefined;
  disabled?: boolean;
  className?: string;
  "aria-label"?: string;
}

/** A choice among all agents, found by a part of their name. */
export function AgentPicker({ value, onValue, placeholder, anyText, platform, ...rest }: AgentPickerProps) {
  const t = useText();
  const [search, setSearch] = useState("");
  const { data: found = [] } = useQuery(agentsFound(useDeferredValue(search), platform));
  const listed = found.find((agent) => agent.id === value);
  const { data: chosen } = useQuery({
    ...agentQuery(value ?? ""),
    enabled: value !== null && !listed,
    retry: false,
  });
  const options = found.map((agent) => ({
    value: agent.id,
    label: agent.name,
    picture: (
      <span className="inline-flex min-w-0 items-center gap-2">
        <PlatformGlyph platform={agent.platform} />
        <span className="truncate">{agent.name}</span>
      </span>
    ),
  }));
  return (
    <Combobox
      value={value ?? (anyText ? "" : null)}
      onValue={(picked) => onValue(picked || null)}
      options={anyText && !search ? [{ value: "", label: anyText }, ...options] : options}
      valueLabel={value ? chosen?.name : anyText}
      onSearch={setSearch}
      placeholder={placeholder}
      emptyText={t.common.nothingFound}
      {...rest}
    />
  );
}
