/** Parts of `validateSearch`: what does not fit is left out, so that an odd address still opens its page. */
type Search = Record<string, unknown>;

export function text<Name extends string>(search: Search, name: Name): { [key in Name]?: string } {
  const value = search[name];
  const shown = typeof value === "number" ? String(value) : value;
  return typeof shown === "string" && shown !== "" ? ({ [name]: shown } as { [key in Name]?: string }) : {};
}

export function oneOf<Name extends string, Choice extends string>(
  search: Search,
  name: Name,
  choices: readonly Choice[],
): { [key in Name]?: Choice } {
  const found = choices.find((choice) => choice === search[name]);
  return found === undefined ? {} : ({ [name]: found } as { [key in Name]?: Choice });
}
