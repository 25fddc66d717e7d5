import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { useState } from "react";
import { toast } from "sonner";
import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { Problem } from "@/lib/problem";
import { type Agent, changeAgent } from "@/queries/agents";
import { useMay } from "@/queries/me";
import { LossReport } from "./AgentNotices";
import { ConflictDialog } from "./ConflictDialog";
import { AgentForm } from "./form/AgentForm";
import { changes, type Draft, draftOf } from "./form/draft";
import { readable } from "./form/readable";

/** The form over a saved agent. What others save meanwhile is told, never overwritten in silence. */
export function EditTab({ agent }: { agent: Agent }) {
  const t = useText();
  const client = useQueryClient();
  const mayWrite = useMay("agents:write");
  const [base, setBase] = useState(agent);
  const [draft, setDraft] = useState<Draft>(() => draftOf(agent));
  const touched = isTouched(base, draft);
  if (!touched && base.version !== agent.version) {
    setBase(agent); // somebody else saved, and nothing here would be lost
    setDraft(draftOf(agent));
  }
  const start = (fresh: Agent) => {
    setBase(fresh);
    setDraft(draftOf(fresh));
  };
  const save = useMutation({
    mutationFn: (version: number) =>
      changeAgent(
        agent.id,
        version,
        readable(() => changes(draftOf(base), draft), t.agentForm.badOptions),
      ),
    onSuccess: (saved) => {
      client.setQueryData(["agents", "one", agent.id], saved);
      void client.invalidateQueries({ queryKey: ["agents"] });
      start(saved);
      toast.success(t.agents.saved(saved.version));
    },
    onError: () => client.invalidateQueries({ queryKey: ["agents", "one", agent.id] }),
  });
  useBlocker({
    shouldBlockFn: ({ next, current }) =>
      touched && next.pathname !== current.pathname && !window.confirm(t.agentForm.leave),
    enableBeforeUnload: () => touched,
  });
  const conflict = save.error instanceof Problem && save.error.status === 412;
  const newer = touched && agent.version > base.version && !conflict;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (touched) save.mutate(base.version);
      }}
    >
      <AgentForm
        draft={draft}
        onDraft={setDraft}
        error={conflict ? null : save.error}
        readOnly={!mayWrite}
        before={
          <>
            {newer && <Notice>{t.agents.newerVersion(agent.version)}</Notice>}
            <LossReport agent={agent} />
          </>
        }
      />
      {touched && (
        <div className="sticky bottom-0 z-10 mt-6 flex flex-wrap items-center justify-end gap-2 border-t border-line bg-page py-3">
          <span className="mr-auto text-ink-soft">{t.agentForm.unsaved}</span>
          <Button onClick={() => start(agent)}>{t.agentForm.discard}</Button>
          <Button look="primary" type="submit" busy={save.isPending}>
            {t.common.save}
          </Button>
        </div>
      )}
      {conflict && (
        <ConflictDialog
          agent={agent}
          base={base}
          mine={changes(draftOf(base), draft)}
          busy={save.isPending}
          onKeepMine={() => save.mutate(agent.version)}
          onTakeTheirs={() => {
            save.reset();
            start(agent);
          }}
          onClose={() => save.reset()}
        />
      )}
    </form>
  );
}

function isTouched(base: Agent, draft: Draft): boolean {
  try {
    return Object.keys(changes(draftOf(base), draft)).length > 0;
  } catch {
    return true; // platform options that are no JSON yet
  }
}
