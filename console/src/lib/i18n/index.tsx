import { createContext, type ReactNode, use, useEffect, useMemo, useState } from "react";
import { createStoredChoice, useStore } from "@/lib/stored";
import { chosenZone } from "@/lib/zone";
import type { Texts } from "@/text/en";

export const LOCALES = ["en", "es"] as const;
export type Locale = (typeof LOCALES)[number];

/** Languages by the names their speakers give them. */
export const LOCALE_NAMES: Record<Locale, string> = { en: "English", es: "Español" };

const preferred = LOCALES.find((one) => navigator.language.toLowerCase().startsWith(one)) ?? "en";
export const locale = createStoredChoice<Locale>("language", LOCALES, preferred);

const LOADERS: Record<Locale, () => Promise<Texts>> = {
  en: async () => (await import("@/text/en")).en,
  es: async () => (await import("@/text/es")).es,
};

/** The catalogue of the chosen language, for the first picture. */
export function loadTexts(): Promise<Texts> {
  return LOADERS[locale.get()]();
}

const TextsContext = createContext<Texts | null>(null);

export function TextsProvider({ first, children }: { first: Texts; children: ReactNode }) {
  const chosen = useStore(locale);
  const [texts, setTexts] = useState(first);
  useEffect(() => {
    let current = true;
    document.documentElement.lang = chosen;
    void LOADERS[chosen]().then((loaded) => current && setTexts(loaded));
    return () => {
      current = false;
    };
  }, [chosen]);
  const zone = useStore(chosenZone);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another zone writes every time that is shown anew
  const shown = useMemo(() => ({ ...texts }), [texts, zone]);
  return <TextsContext value={shown}>{children}</TextsContext>;
}

/** The texts of the page in the user's language: `const t = useText(); t.agents.title`. */
export function useText(): Texts {
  const texts = use(TextsContext);
  if (!texts) throw new Error("useText needs a TextsProvider above it");
  return texts;
}
