import { useSyncExternalStore } from "react";

/** A value that the whole page shares. */
export interface Store<T> {
  get(): T;
  set(value: T): void;
  subscribe(listener: () => void): () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let current = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => current,
    set(value) {
      if (Object.is(value, current)) return;
      current = value;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** A store that outlives the page; falls back to memory where storage is refused. */
export function createStoredChoice<T extends string>(
  key: string,
  choices: readonly T[],
  initial: T,
): Store<T> {
  const name = `switchboard.${key}`;
  const store = createStore<T>(choices.find((choice) => choice === read(name)) ?? initial);
  return {
    ...store,
    set(value) {
      store.set(value);
      write(name, value);
    },
  };
}

function read(name: string): string | null {
  try {
    return window.localStorage.getItem(name);
  } catch {
    return null;
  }
}

function write(name: string, value: string): void {
  try {
    window.localStorage.setItem(name, value);
  } catch {
    // private windows may refuse; the choice then lasts as long as the page
  }
}
