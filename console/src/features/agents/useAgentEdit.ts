import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { toast } from "sonner";
import { useText } from "@/lib/i18n";
import { Problem } from "@/lib/problem";
import { type Agent, type AgentPatch, agentQuery, changeAgent, isKeptAsDraft } from "@/queries/agents";
import { changes, type Draft, draftOf } from "./form/draft";
import { readable } from "./form/readable";

/** What is being typed over a saved agent. */
export interface AgentEdit {
  /** What the user's changes were made on. */
  base: Agent;
  draft: Draft;
  setDraft: (change: (draft: Draft) => Draft) => void;
  /** Something was typed that is not saved. */
  touched: boolean;
  /** What a save sends; empty while the form cannot be read. */
  mine: AgentPatch;
  saving: boolean;
  /** Why the last save failed; not told for a conflict. */
  error: Error | null;
  /** Somebody else saved first, and the server refused to overwrite it. */
  conflict: boolean;
  /** Without a version on the one that the changes were made on. */
  save: (version?: number) => void;
  /** Back to what is saved, without what was typed. */
  discard: () => void;
  dismiss: () => void;
}

/**
 * The edit of one agent. It lives above the tabs, so that looking at another tab loses nothing. What others save
 * meanwhile comes in by itself as long as nothing was typed.
 */
export function useAgentEdit(agent: Agent): AgentEdit {
  const t = useText();
  const client = useQueryClient();
  const [base, setBase] = useState(agent);
  const [draft, setDraft] = useState<Draft>(() => draftOf(agent));
  const typed = typedOver(base, draft);
  const touched = typed === null || Object.keys(typed).length > 0;
  const start = (fresh: Agent) => {
    setBase(fresh);
    setDraft(draftOf(fresh));
  };
  if (!touched && isOther(base, agent)) start(agent);
  const save = useMutation({
    mutationFn: (version: number) =>
      changeAgent(
        agent.id,
        version,
        readable(() => sent(base, draft), t.agentForm.badOptions),
      ),
    onSuccess: (saved) => {
      client.setQueryData(agentQuery(agent.id).queryKey, saved);
      void client.invalidateQueries({ queryKey: ["agents"] });
      start(saved);
      toast.success(t.agents.saved(saved.version));
    },
    onError: async (error) => {
      const fresh = await client.fetchQuery({ ...agentQuery(agent.id), staleTime: 0 }).catch(() => null);
      if (fresh && isKeptAsDraft(error)) start(fresh);
    },
  });
  const refused = save.error instanceof Problem && save.error.status === 412;
  const conflict = refused && agent.version > base.version;
  return {
    base,
    draft,
    setDraft,
    touched,
    mine: typed ?? {},
    saving: save.isPending,
    error: conflict || isKeptAsDraft(save.error) ? null : save.error,
    conflict,
    save: (version = base.version) => save.mutate(version),
    discard: () => {
      save.reset();
      start(agent);
    },
    dismiss: save.reset,
  };
}

/** What was typed over an agent and the changes that wait with it; null while that cannot be read. */
function typedOver(base: Agent, draft: Draft): AgentPatch | null {
  try {
    return changes(draftOf(base), draft);
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null; // platform options that are no JSON yet
    throw thrown;
  }
}

/** What a save sends: what was typed, and with it what waited to be published. Raises: SyntaxError. */
function sent(base: Agent, draft: Draft): AgentPatch {
  const waiting = Object.keys(base.draft?.values ?? {});
  return changes(draftOf(base), draft, waiting);
}

function isOther(one: Agent, other: Agent): boolean {
  return one.version !== other.version || one.draft?.at !== other.draft?.at;
}
