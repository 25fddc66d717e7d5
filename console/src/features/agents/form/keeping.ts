import type { Draft } from "./draft";

const NAME = "switchboard.new-agent";

/** What was typed for a new agent in this tab, if anything: it outlives a reload and a sign-in. */
export function keptDraft(): Draft | null {
  try {
    const kept = sessionStorage.getItem(NAME);
    return kept ? (JSON.parse(kept) as Draft) : null;
  } catch {
    return null;
  }
}

/** Secrets in headers of tools are not kept. */
export function keepDraft(draft: Draft): void {
  const tools = draft.tools?.map((tool) =>
    tool.type === "http"
      ? { ...tool, headers: tool.headers?.map((header) => ({ ...header, value: "" })) }
      : tool,
  );
  try {
    sessionStorage.setItem(NAME, JSON.stringify({ ...draft, tools }));
  } catch {
    // private windows may refuse; then a reload starts over
  }
}

export function forgetDraft(): void {
  try {
    sessionStorage.removeItem(NAME);
  } catch {
    // nothing was kept, then
  }
}
