import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Power, PowerOff, Trash2, X } from "lucide-react";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button";
import { ConfirmDialog } from "@/components/ui/Dialog";
import { IconButton } from "@/components/ui/IconButton";
import { useText } from "@/lib/i18n";
import { asProblem } from "@/lib/problem";
import { type AgentLine, type BulkAction, doToAgents } from "@/queries/agents";

/** What can be done with all selected agents; stands at the bottom of the page while there are some. */
export function BulkBar({
  agents,
  onLeft,
}: {
  agents: readonly AgentLine[];
  /** Which stay selected: after work those that it failed for. */
  onLeft: (ids: readonly string[]) => void;
}) {
  const t = useText();
  const client = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const work = useMutation({
    mutationFn: (action: BulkAction) =>
      doToAgents(
        agents.map((agent) => agent.id),
        action,
      ),
    onSuccess: ({ done, results }) => {
      if (done > 0) toast.success(t.agents.bulkDone(done));
      const failed = results.filter((result) => !result.ok);
      if (failed.length > 0) toast.error(t.agents.bulkFailed(failed.length), told(failed, agents));
      setDeleting(false);
      onLeft(failed.map(({ id }) => id));
    },
    onError: (error) => toast.error(asProblem(error).message),
    onSettled: () => client.invalidateQueries({ queryKey: ["agents"] }),
  });
  const busy = work.isPending;
  return (
    <section
      aria-label={t.agents.selected(agents.length)}
      className="sticky bottom-4 z-20 max-sm:justify-center mx-auto flex max-w-full animate-rise flex-wrap items-center gap-2 rounded-xl border border-line bg-raised p-2 pl-4 shadow-raised"
    >
      <span role="status" className="mr-2 font-medium max-sm:mr-0 max-sm:basis-full max-sm:text-center">
        {t.agents.selected(agents.length)}
      </span>
      <Button
        busy={busy && work.variables === "activate"}
        disabled={busy}
        onClick={() => work.mutate("activate")}
      >
        <Power aria-hidden="true" />
        {t.agents.activate}
      </Button>
      <Button
        busy={busy && work.variables === "deactivate"}
        disabled={busy}
        onClick={() => work.mutate("deactivate")}
      >
        <PowerOff aria-hidden="true" />
        {t.agents.deactivate}
      </Button>
      <Button disabled={busy} onClick={() => setDeleting(true)} className="text-bad">
        <Trash2 aria-hidden="true" />
        {t.common.delete}
      </Button>
      <IconButton label={t.agents.unselect} onClick={() => onLeft([])}>
        <X aria-hidden="true" />
      </IconButton>
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        onConfirm={() => work.mutate("delete")}
        title={t.agents.bulkDeleteTitle(agents.length)}
        action={t.common.delete}
        busy={busy}
        danger
      >
        <p>{t.agents.bulkDeleteText}</p>
        <ul className="mt-3 max-h-48 list-disc overflow-y-auto pl-5">
          {agents.map((agent) => (
            <li key={agent.id}>{agent.name}</li>
          ))}
        </ul>
      </ConfirmDialog>
    </section>
  );
}

const NAMED = 3;

/** Which failed and why; of many the first few. */
function told(failed: readonly { id: string; detail: string | null }[], agents: readonly AgentLine[]) {
  const lines = failed.slice(0, NAMED).map(({ id, detail }) => {
    const name = agents.find((agent) => agent.id === id)?.name ?? id;
    return `${name}: ${detail ?? ""}`;
  });
  return { description: [...lines, ...(failed.length > NAMED ? ["…"] : [])].join("\n"), duration: 15_000 };
}
