import { createContext, use } from "react";
import type { FieldProblem } from "@/lib/problem";
import type { Draft, PlatformPart } from "./draft";

interface AgentFormState {
  draft: Draft;
  set: (part: Partial<Draft>) => void;
  /** Change what belongs to the chosen platform only. */
  setPart: (part: Partial<PlatformPart>) => void;
  problems: readonly FieldProblem[];
  readOnly: boolean;
}

const Context = createContext<AgentFormState | null>(null);
export const AgentFormProvider = Context.Provider;

const KIND = /^(tools\.\d+)\.(?:http|end_call|transfer|keypad)(?=\.|$)/;

/** Paths as the form names them: without the kind of tool that the server puts between. */
export function formPath(field: string): string {
  return field.replace(KIND, "$1");
}

/** The form around this: `error("tools.0.url")` is what the server said about a field. */
export function useAgentForm() {
  const form = use(Context);
  if (!form) throw new Error("useAgentForm needs an AgentForm above it");
  const error = (path: string) => form.problems.find(({ field }) => formPath(field) === path)?.message;
  const errorBelow = (path: string) =>
    form.problems.find(({ field }) => `${formPath(field)}.`.startsWith(`${path}.`))?.message;
  return { ...form, part: form.draft.parts[form.draft.platform], error, errorBelow };
}
