/** A piece of a template: plain text, `{{name}}`, or braces that are no variable. */
export interface Piece {
  kind: "text" | "variable" | "broken";
  text: string;
  /** The variable's name. */
  name?: string;
}

const BRACES = /\{\{[^{}\n]*\}\}|\{\{/g;
const VARIABLE = /^\{\{\s*([A-Za-z_][A-Za-z0-9_.]*)\s*\}\}$/;
/** Names that begin like this are filled in by ElevenLabs. */
const RESERVED = /^(system__|secret__)/;

/** Cut a template into its pieces; joined they are the template again. */
export function pieces(template: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of template.matchAll(BRACES)) {
    if (match.index > end) found.push({ kind: "text", text: template.slice(end, match.index) });
    const name = match[0].match(VARIABLE)?.[1];
    found.push(name ? { kind: "variable", text: match[0], name } : { kind: "broken", text: match[0] });
    end = match.index + match[0].length;
  }
  if (end < template.length) found.push({ kind: "text", text: template.slice(end) });
  return found;
}

/** Names of all variables in the texts, in order of first use, without those that a platform fills in. */
export function variablesOf(...templates: (string | null | undefined)[]): string[] {
  const names = templates.flatMap((template) =>
    pieces(template ?? "").flatMap((piece) => (piece.name === undefined ? [] : [piece.name])),
  );
  return [...new Set(names)].filter((name) => !RESERVED.test(name));
}

/** The template with its variables filled in; what has no value stays as it is written. */
export function filledIn(template: string, values: Record<string, unknown>): string {
  return pieces(template)
    .map(({ text, name }) => (name !== undefined && values[name] != null ? String(values[name]) : text))
    .join("");
}
