import { createStore } from "@/lib/stored";

/** What a call to place is known of beforehand. */
export interface Placing {
  agentId?: string;
  to?: string;
  variables?: Record<string, unknown>;
}

/** The call that is being placed; null while the dialog is closed. Anything may open it. */
export const placing = createStore<Placing | null>(null);

/** Open the dialog that places a call. */
export function startPlacing(known: Placing = {}): void {
  placing.set(known);
}
