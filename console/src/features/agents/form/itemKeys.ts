import { useRef } from "react";

/** Identities for the items of a list that have none, so that removing one keeps the others' boxes. */
export function useItemKeys(length: number): {
  of: (index: number) => number;
  remove: (index: number) => void;
} {
  const state = useRef({ keys: [] as number[], next: 0 });
  const { keys } = state.current;
  while (keys.length < length) keys.push(state.current.next++);
  keys.length = length;
  return {
    of: (index) => keys[index] ?? index,
    remove: (index) => {
      keys.splice(index, 1);
    },
  };
}
