import { createStoredChoice } from "./stored";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const theme = createStoredChoice<Theme>("theme", THEMES, "system");

/** Show the chosen theme now and whenever it changes. */
export function followTheme(): void {
  const show = () => {
    const root = document.documentElement;
    if (theme.get() === "system") delete root.dataset.theme;
    else root.dataset.theme = theme.get();
  };
  show();
  theme.subscribe(show);
}
