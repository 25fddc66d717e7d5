import { createContext, use, useState, useSyncExternalStore } from "react";
import { useEvents } from "@/lib/live";

/** The newest words of each running call. Rows listen to their own call, so that a word builds one row anew. */
class LastWords {
  private readonly words = new Map<string, string>();
  private readonly listeners = new Map<string, Set<() => void>>();

  hear(callId: string, text: string): void {
    this.words.set(callId, text);
    for (const listener of this.listeners.get(callId) ?? []) listener();
  }

  forget(callId: string): void {
    this.words.delete(callId);
  }

  of(callId: string): string | undefined {
    return this.words.get(callId);
  }

  subscribe(callId: string, listener: () => void): () => void {
    const heard = this.listeners.get(callId) ?? new Set();
    this.listeners.set(callId, heard.add(listener));
    return () => {
      heard.delete(listener);
      if (heard.size === 0) this.listeners.delete(callId);
    };
  }
}

export const LastWordsContext = createContext(new LastWords());

/** Gathers the words of all calls for as long as the page is open, and lets go of those that ended. */
export function useLastWords(): LastWords {
  const [words] = useState(() => new LastWords());
  useEvents((events) => {
    for (const { type, call_id: callId, data } of events) {
      if (!callId) continue;
      if (type === "call.settled") words.forget(callId);
      else if (type === "call.turn" && data.role !== "tool") words.hear(callId, String(data.text));
    }
  });
  return words;
}

/** What was heard of a call since the page was opened, if anything. */
export function useHeard(callId: string): string | undefined {
  const words = use(LastWordsContext);
  return useSyncExternalStore(
    (listener) => words.subscribe(callId, listener),
    () => words.of(callId),
  );
}
