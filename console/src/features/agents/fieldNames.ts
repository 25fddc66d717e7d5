import type { Texts } from "@/text/en";

/** A field's path in words: `tools.0.url` → `Tools 1 · Address`. What has no name stays as it is. */
export function fieldName(t: Texts, path: string): string {
  const known: Partial<Record<string, string>> = t.fields;
  const words: string[] = [];
  for (const part of path.split(".")) {
    if (/^\d+$/.test(part) && words.length > 0) words.push(`${words.pop()} ${Number(part) + 1}`);
    else words.push(known[part] ?? part);
  }
  return words.join(" · ");
}
