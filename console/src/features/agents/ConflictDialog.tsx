import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button } from "@/components/ui/Button";
import { Dialog } from "@/components/ui/Dialog";
import { ErrorState, SkeletonRows } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { type Agent, type AgentPatch, differencesQuery, versionsQuery } from "@/queries/agents";
import { Differences, FieldName, ShownValue } from "./Differences";

interface ConflictDialogProps {
  /** As it is now. */
  agent: Agent;
  /** What the user's changes were made on. */
  base: Agent;
  mine: AgentPatch;
  busy: boolean;
  onKeepMine: () => void;
  onTakeTheirs: () => void;
  onClose: () => void;
}

/** Two people changed one agent: what each did, and the choice. */
export function ConflictDialog({
  agent,
  base,
  mine,
  busy,
  onKeepMine,
  onTakeTheirs,
  onClose,
}: ConflictDialogProps) {
  const t = useText();
  const newer = agent.version > base.version;
  const theirs = useQuery({ ...differencesQuery(agent.id, base.version, agent.version), enabled: newer });
  const versions = useInfiniteQuery(versionsQuery(agent.id));
  const author = versions.data?.pages[0]?.items.find(({ version }) => version === agent.version)?.author;
  const both = (theirs.data ?? []).some(({ field }) => (field.split(".")[0] as keyof AgentPatch) in mine);
  return (
    <Dialog
      open
      onClose={onClose}
      width="lg"
      title={t.agents.conflictTitle}
      description={t.agents.conflictText(author ?? "?", agent.version)}
      footer={
        <>
          <Button look="quiet" className="mr-auto" onClick={onClose}>
            {t.agents.conflictBack}
          </Button>
          <Button onClick={onTakeTheirs}>{t.agents.conflictTheirs}</Button>
          <Button look="primary" busy={busy} disabled={!newer} onClick={onKeepMine}>
            {both ? t.agents.conflictOverwrite : t.agents.conflictBoth}
          </Button>
        </>
      }
    >
      <div className="grid gap-6 md:grid-cols-2">
        <section>
          <h3 className="mb-2 font-semibold">{t.agents.conflictTheirChanges}</h3>
          {theirs.isError ? (
            <ErrorState compact error={theirs.error} onRetry={() => void theirs.refetch()} />
          ) : theirs.data ? (
            <Differences differences={theirs.data} />
          ) : (
            <SkeletonRows rows={2} />
          )}
        </section>
        <section>
          <h3 className="mb-2 font-semibold">{t.agents.conflictYourChanges}</h3>
          <dl className="flex flex-col gap-3">
            {Object.entries(mine).map(([field, value]) => (
              <div key={field}>
                <dt>
                  <FieldName field={field} />
                </dt>
                <dd>
                  <ShownValue value={value} />
                </dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
    </Dialog>
  );
}
