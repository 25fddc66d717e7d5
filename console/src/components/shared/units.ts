import type { Texts } from "@/text/en";

/** What a vendor counts in, in the user's language; a unit that we do not know stays as it is. */
export function unitName(t: Texts, unit: string | null): string {
  const known: Partial<Record<string, string>> = t.platforms.units;
  return unit === null ? "" : (known[unit] ?? unit);
}
