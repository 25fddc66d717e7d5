import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { toast } from "sonner";
import { platformName } from "@/components/shared/marks";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { ErrorNotice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { Problem } from "@/lib/problem";
import { type Agent, agentQuery, deleteAgent } from "@/queries/agents";

/** Says what goes and what stays. Refused once while calls run; then it can be insisted on. */
export function DeleteDialog({ agent, onClose }: { agent: Agent; onClose: () => void }) {
  const t = useText();
  const client = useQueryClient();
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: (force: boolean) => deleteAgent(agent.id, force),
    onSuccess: async () => {
      toast.success(t.agents.deleted(agent.name));
      await navigate({ to: "/agents" });
      client.removeQueries({ queryKey: agentQuery(agent.id).queryKey });
      void client.invalidateQueries({ queryKey: ["agents"] });
    },
  });
  const busyAgent = remove.error instanceof Problem && remove.error.status === 409;
  return (
    <ConfirmDialog
      open
      onClose={onClose}
      onConfirm={() => remove.mutate(busyAgent)}
      title={t.agents.deleteTitle(agent.name)}
      action={busyAgent ? t.agents.deleteAnyway : t.common.delete}
      busy={remove.isPending}
      danger
    >
      <div className="flex flex-col gap-4">
        {remove.isError && <ErrorNotice error={remove.error} />}
        <div>
          <p className="font-medium">{t.agents.goes}</p>
          <ul className="mt-1 list-disc pl-5 text-ink-soft">
            <li>{t.agents.goesHere(agent.version)}</li>
            {agent.remote_id && (
              <li className="break-words">
                {t.agents.goesThere(platformName(agent.platform), agent.remote_id)}
              </li>
            )}
            {agent.draft && <li>{t.agents.goesDraft}</li>}
            {agent.fallback_agent_id && <li>{t.agents.goesTwin}</li>}
          </ul>
        </div>
        <div>
          <p className="font-medium">{t.agents.stays}</p>
          <p className="mt-1 text-ink-soft">{t.agents.staysText}</p>
        </div>
      </div>
    </ConfirmDialog>
  );
}
