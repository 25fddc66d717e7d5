import { Button } from "@/components/ui/Button";
import { Notice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import type { Agent } from "@/queries/agents";
import { useMay } from "@/queries/me";
import { LossReport } from "./AgentNotices";
import { ConflictDialog } from "./ConflictDialog";
import { AgentForm } from "./form/AgentForm";
import type { AgentEdit } from "./useAgentEdit";

/** The form over a saved agent. What others save meanwhile is told, never overwritten in silence. */
export function EditTab({ agent, edit }: { agent: Agent; edit: AgentEdit }) {
  const t = useText();
  const mayWrite = useMay("agents:write");
  const newer = edit.touched && agent.version > edit.base.version && !edit.conflict;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (edit.touched) edit.save();
      }}
    >
      <AgentForm
        draft={edit.draft}
        onDraft={edit.setDraft}
        error={edit.error}
        readOnly={!mayWrite}
        before={
          <>
            {!mayWrite && <Notice tone="accent">{t.agents.lookOnly}</Notice>}
            {newer && <Notice>{t.agents.newerVersion(agent.version)}</Notice>}
            <LossReport agent={agent} />
          </>
        }
      />
      {edit.touched && (
        <div className="sticky bottom-0 z-10 mt-6 flex flex-wrap items-center justify-end gap-2 border-t border-line bg-page py-3">
          <span className="mr-auto text-ink-soft">{t.agentForm.unsaved}</span>
          <Button onClick={edit.discard}>{t.agentForm.discard}</Button>
          <Button look="primary" type="submit" busy={edit.saving}>
            {t.common.save}
          </Button>
        </div>
      )}
      {edit.conflict && (
        <ConflictDialog
          agent={agent}
          base={edit.base}
          mine={edit.mine}
          busy={edit.saving}
          onKeepMine={() => edit.save(agent.version)}
          onTakeTheirs={edit.discard}
          onClose={edit.dismiss}
        />
      )}
    </form>
  );
}
