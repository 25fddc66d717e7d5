import { useSyncExternalStore } from "react";

/** Does a media query hold? Follows changes. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const list = window.matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    () => window.matchMedia(query).matches,
  );
}

/** Is the page as narrow as a telephone? */
export function useIsPhone(): boolean {
  return useMedia("(max-width: 719px)");
}
