import { expect, test } from "vitest";
import { problemsOf, typedOf, valuesOf, withDefaults } from "./variables";

const declared = {
  guest: { type: "string", default: null },
  nights: { type: "number", default: 2 },
  vip: { type: "boolean", default: false },
} as const;

test("a value is needed where the agent has none, and must be of its type", () => {
  expect(problemsOf(declared, { guest: " ", nights: "two" })).toEqual({
    guest: "required",
    nights: "noNumber",
  });
  expect(problemsOf(declared, { guest: "Ann" })).toEqual({});
});

test("only given values are sent, each of its type", () => {
  const values = valuesOf(declared, { guest: " Ann ", nights: "3.5", vip: "true" });
  expect(values).toEqual({ guest: "Ann", nights: 3.5, vip: true });
  expect(valuesOf(declared, { guest: "Ann", nights: "" })).toEqual({ guest: "Ann" });
  expect(withDefaults(declared, { guest: "Ann" })).toEqual({ guest: "Ann", nights: 2, vip: false });
});

test("calling again brings the values of before", () => {
  expect(typedOf(declared, { guest: "Ann", nights: 2, vip: true, gone: 1 })).toEqual({
    guest: "Ann",
    nights: "",
    vip: "true",
  });
});
