import { expect, test } from "vitest";
import { filledIn, pieces, variablesOf } from "./template";

test("a template is cut into text, variables and broken braces", () => {
  expect(pieces("Hi {{ guest }}, {{oops {{1x}}!").map(({ kind, text }) => [kind, text])).toEqual([
    ["text", "Hi "],
    ["variable", "{{ guest }}"],
    ["text", ", "],
    ["broken", "{{"],
    ["text", "oops "],
    ["broken", "{{1x}}"],
    ["text", "!"],
  ]);
});

test("variables are told once, in order, without those of the platform", () => {
  expect(variablesOf("{{b}} {{system__time}} {{a}}", null, "{{b}}")).toEqual(["b", "a"]);
});

test("only variables with a value are filled in", () => {
  expect(filledIn("{{a}} and {{ b }}, {{c}}", { a: 1, b: false, c: null })).toBe("1 and false, {{c}}");
});
