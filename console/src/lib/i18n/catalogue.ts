/** The shape of a catalogue: every text of the first language, as text or as a function of the same values. */
export type Catalogue<T> = {
  [Key in keyof T]: T[Key] extends string
    ? string
    : T[Key] extends (...values: infer Values) => string
      ? (...values: Values) => string
      : Catalogue<T[Key]>;
};

/** The form that a number takes in a language. English and Spanish tell one from the others. */
export function plural(count: number, one: string, other: string): string {
  return count === 1 ? one : other;
}
