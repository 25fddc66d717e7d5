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

/** Some of the choices, separated by commas. */
export function severalOf<Name extends string, Choice extends string>(
  search: Search,
  name: Name,
  choices: readonly Choice[],
): { [key in Name]?: string } {
  const asked = String(search[name] ?? "").split(",");
  const found = choices.filter((choice) => asked.includes(choice));
  return found.length === 0 ? {} : ({ [name]: found.join(",") } as { [key in Name]?: string });
}

/** A day such as `2026-11-22`. */
export function date<Name extends string>(search: Search, name: Name): { [key in Name]?: string } {
  const value = search[name];
  const real =
    typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value));
  return real ? ({ [name]: value } as { [key in Name]?: string }) : {};
}
