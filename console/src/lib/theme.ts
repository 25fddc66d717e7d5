import { createStoredChoice } from "./stored";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

export const theme = createStoredChoice<Theme>("theme", THEMES, "system");

export const DENSITIES = ["comfortable", "compact"] as const;
export type Density = (typeof DENSITIES)[number];

/** How much room rows and cards take. */
export const density = createStoredChoice<Density>("density", DENSITIES, "comfortable");

/** Show the chosen theme and density now and whenever they change. */
export function followTheme(): void {
  const show = () => {
    const root = document.documentElement;
    if (theme.get() === "system") delete root.dataset.theme;
    else root.dataset.theme = theme.get();
    root.dataset.density = density.get();
  };
  show();
  theme.subscribe(show);
  density.subscribe(show);
}
