import { ChevronRight } from "lucide-react";
import { type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { ErrorNotice } from "@/components/ui/states";
import { useText } from "@/lib/i18n";
import { type FieldProblem, Problem } from "@/lib/problem";
import { fieldName } from "../fieldNames";
import { AdvancedSection } from "./AdvancedSection";
import { AnalysisSection } from "./AnalysisSection";
import { BasicSection } from "./BasicSection";
import type { Draft } from "./draft";
import { AgentFormProvider, formPath } from "./FormContext";
import { ToolsSection } from "./ToolsSection";
import { VariablesSection } from "./VariablesSection";
import { VoiceSection } from "./VoiceSection";

interface AgentFormProps {
  draft: Draft;
  onDraft: (change: (draft: Draft) => Draft) => void;
  /** Why the last save failed. */
  error: Error | null;
  readOnly?: boolean;
  /** Above the form: the choice of a platform, notices. */
  before?: ReactNode;
}

const NONE: readonly FieldProblem[] = [];

/** Everything that an agent is, for one that exists and for a new one. */
export function AgentForm({ draft, onDraft, error, readOnly = false, before }: AgentFormProps) {
  const t = useText();
  const problems = error instanceof Problem ? error.fields : NONE;
  const place = useFocusOnProblem(problems);
  const state = useMemo(
    () => ({
      draft,
      problems,
      readOnly,
      set: (part: Partial<Draft>) => onDraft((was) => ({ ...was, ...part })),
      setPart: (part: Partial<Draft["parts"]["ultravox"]>) =>
        onDraft((was) => ({
          ...was,
          parts: { ...was.parts, [was.platform]: { ...was.parts[was.platform], ...part } },
        })),
    }),
    [draft, problems, readOnly, onDraft],
  );
  const wrong = (...names: string[]) =>
    problems.some(({ field }) => names.includes(formPath(field).split(".")[0] ?? ""));
  return (
    <AgentFormProvider value={state}>
      <div ref={place} className="flex flex-col gap-6">
        {before}
        {error &&
          (problems.length > 0 ? <FieldProblems problems={problems} /> : <ErrorNotice error={error} />)}
        <div className="grid grid-cols-1 gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
          <BasicSection />
          <div className="flex flex-col gap-6">
            <VoiceSection />
            <VariablesSection />
          </div>
        </div>
        <Fold title={t.agentForm.tools} count={draft.tools.length} open={wrong("tools")}>
          <ToolsSection />
        </Fold>
        <Fold
          title={t.agentForm.analysis}
          count={draft.evaluation.length + draft.data_collection.length}
          open={wrong("evaluation", "data_collection")}
        >
          <AnalysisSection />
        </Fold>
        <Fold
          title={t.agentForm.advanced}
          open={wrong(
            "model",
            "temperature",
            "max_duration_seconds",
            "inactivity",
            "voicemail",
            "tags",
            "platform_options",
            "fallback_agent_id",
          )}
        >
          <AdvancedSection />
        </Fold>
      </div>
    </AgentFormProvider>
  );
}

/** After a refusal the keyboard stands at the first wrong field. */
function useFocusOnProblem(problems: readonly FieldProblem[]) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (problems.length === 0) return;
    const wrong = place.current?.querySelector<HTMLElement>('[aria-invalid="true"]');
    (wrong ?? place.current?.querySelector<HTMLElement>('[role="alert"]'))?.focus();
    wrong?.scrollIntoView({ block: "center" });
  }, [problems]);
  return place;
}

function FieldProblems({ problems }: { problems: readonly FieldProblem[] }) {
  const t = useText();
  return (
    <div role="alert" tabIndex={-1} className="rounded-lg bg-bad-soft p-3">
      <p className="font-medium">{t.agentForm.wrongFields(problems.length)}</p>
      <ul className="mt-1 list-disc pl-5">
        {problems.map(({ field, message }) => (
          <li key={field + message}>
            <span className="font-medium">{fieldName(t, formPath(field))}:</span> {message}
          </li>
        ))}
      </ul>
    </div>
  );
}

/** A part that opens on demand, and by itself when something in it is wrong. */
function Fold({
  title,
  count,
  open: wanted,
  children,
}: {
  title: string;
  count?: number;
  open: boolean;
  children: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (wanted) setOpen(true);
  }, [wanted]);
  return (
    <details
      open={open}
      onToggle={(event) => setOpen(event.currentTarget.open)}
      className="group rounded-xl border border-line bg-surface"
    >
      <summary className="flex min-h-12 items-center gap-2 rounded-xl px-4 font-semibold">
        <ChevronRight
          aria-hidden="true"
          className="size-4 text-ink-faint transition-transform group-open:rotate-90"
        />
        {title}
        {count ? <span className="rounded-full bg-sunken px-2 text-xs text-ink-soft">{count}</span> : null}
      </summary>
      {open && <div className="border-t border-line p-4">{children}</div>}
    </details>
  );
}
