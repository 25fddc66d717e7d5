import type { Schema } from "@/lib/api";

type Declared = Record<string, Schema<"Variable">>;
type Value = string | number | boolean;

/** What a form has for each variable, as text; empty where the agent's own default is wanted. */
export type Typed = Record<string, string>;

/** The texts of a call that was placed before; what equals the default is left to the agent. */
export function typedOf(declared: Declared, given: Record<string, unknown> = {}): Typed {
  return Object.fromEntries(
    Object.entries(declared).map(([name, { default: usual }]) => {
      const value = given[name];
      return [name, value == null || value === usual ? "" : String(value)];
    }),
  );
}

export type VariableProblem = "required" | "noNumber";

export function problemsOf(declared: Declared, typed: Typed): Record<string, VariableProblem> {
  const found: Record<string, VariableProblem> = {};
  for (const [name, { type, default: usual }] of Object.entries(declared)) {
    const text = typed[name]?.trim() ?? "";
    if (!text && usual == null) found[name] = "required";
    else if (text && type === "number" && !Number.isFinite(Number(text))) found[name] = "noNumber";
  }
  return found;
}

/** The values to send: those that were given, each of its type. */
export function valuesOf(declared: Declared, typed: Typed): Record<string, Value> {
  const values: Record<string, Value> = {};
  for (const [name, { type }] of Object.entries(declared)) {
    const text = typed[name]?.trim();
    if (text) values[name] = type === "number" ? Number(text) : type === "boolean" ? text === "true" : text;
  }
  return values;
}

/** Every variable with its value or its default, for showing what the agent will say. */
export function withDefaults(declared: Declared, values: Record<string, Value>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(declared).map(([name, { default: usual }]) => [name, values[name] ?? usual]),
  );
}
