import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Copy, Ellipsis, PhoneOutgoing, Power, PowerOff, Replace, Trash2 } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { PLATFORM_CHOICES, platformName } from "@/components/shared/marks";
import { startPlacing } from "@/components/shared/placing";
import { Button } from "@/components/ui/Button";
import { Menu, MenuItem, MenuLine } from "@/components/ui/Menu";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { type Agent, agentQuery, changeAgent, duplicateAgent } from "@/queries/agents";
import { useMay } from "@/queries/me";
import { CopyDialog } from "./CopyDialog";
import { DeleteDialog } from "./DeleteDialog";

/** What can be done with one agent besides editing it. */
export function AgentActions({ agent }: { agent: Agent }) {
  const t = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useMay("agents:write");
  const mayCall = useMay("calls:write");
  const [copying, setCopying] = useState(false);
  const [deleting, setDeleting] = useState(false);
  const other = PLATFORM_CHOICES.find((platform) => platform !== agent.platform) ?? "ultravox";
  const notAllowed = t.common.notAllowed;
  const onError = (error: Error) => toast.error(asProblem(error).message);
  const turn = useMutation({
    mutationFn: (status: "active" | "inactive") => changeAgent(agent.id, agent.version, { status }),
    onSuccess: (fresh) => client.setQueryData(agentQuery(agent.id).queryKey, fresh),
    onError,
    onSettled: () => client.invalidateQueries({ queryKey: ["agents"] }),
  });
  const duplicate = useMutation({
    mutationFn: () => duplicateAgent(agent.id),
    onSuccess: async (made) => {
      void client.invalidateQueries({ queryKey: ["agents", "list"] });
      toast.success(t.agents.created(made.name));
      await navigate({ to: "/agents/$agentId", params: { agentId: made.id } });
    },
    onError,
  });
  return (
    <>
      <Button
        blocked={mayCall ? agent.status !== "active" && t.agents.notActive : notAllowed}
        onClick={() => startPlacing({ agentId: agent.id })}
      >
        <PhoneOutgoing aria-hidden="true" />
        {t.placing.title}
      </Button>
      <Button blocked={!mayWrite && notAllowed} onClick={() => setCopying(true)}>
        <Replace aria-hidden="true" />
        {t.agents.copyTo(platformName(other))}
      </Button>
      <Menu
        note={mayWrite ? undefined : notAllowed}
        trigger={
          <Button size="icon" aria-label={t.common.moreActions}>
            <Ellipsis aria-hidden="true" />
          </Button>
        }
      >
        <MenuItem icon={<Copy aria-hidden="true" />} disabled={!mayWrite} onSelect={() => duplicate.mutate()}>
          {t.agents.duplicate}
        </MenuItem>
        {agent.status === "active" ? (
          <MenuItem
            icon={<PowerOff aria-hidden="true" />}
            disabled={!mayWrite}
            onSelect={() => turn.mutate("inactive")}
          >
            {t.agents.deactivate}
          </MenuItem>
        ) : (
          <MenuItem
            icon={<Power aria-hidden="true" />}
            disabled={!mayWrite}
            onSelect={() => turn.mutate("active")}
          >
            {t.agents.activate}
          </MenuItem>
        )}
        <MenuLine />
        <MenuItem
          danger
          icon={<Trash2 aria-hidden="true" />}
          disabled={!mayWrite}
          onSelect={() => setDeleting(true)}
        >
          {t.common.delete}
        </MenuItem>
      </Menu>
      {copying && <CopyDialog agent={agent} to={other} onClose={() => setCopying(false)} />}
      {deleting && <DeleteDialog agent={agent} onClose={() => setDeleting(false)} />}
    </>
  );
}
