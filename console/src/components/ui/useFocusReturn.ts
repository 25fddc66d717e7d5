import { useRef } from "react";

/** For what opens over the page: afterwards the keyboard stands again where it stood, not at the page's begin. */
export function useFocusReturn() {
  const from = useRef<Element | null>(null);
  return {
    remember: () => {
      from.current = openerOf(document.activeElement);
    },
    goBack: (event: Event) => {
      event.preventDefault();
      if (from.current instanceof HTMLElement) from.current.focus({ preventScroll: true });
    },
  };
}

/** An item of a menu is gone by then: the menu's own button stands for it. */
function openerOf(active: Element | null): Element | null {
  const menu = active?.closest("[role=menu]");
  const name = menu?.getAttribute("aria-labelledby");
  return name ? document.getElementById(name) : active;
}
