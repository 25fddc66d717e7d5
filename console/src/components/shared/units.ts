import type { Texts } from "@/text/en";

/** What so many of it are called, in the user's language; a unit that we do not know stays as the vendor writes it. */
export function unitName(t: Texts, unit: string | null, count: number): string {
  const known: Partial<Record<string, (count: number) => string>> = t.platforms.units;
  return unit === null ? "" : (known[unit]?.(count) ?? unit.replaceAll("_", " "));
}
