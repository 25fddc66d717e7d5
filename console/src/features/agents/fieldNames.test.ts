import { expect, test } from "vitest";
import { en } from "@/text/en";
import { fieldName } from "./fieldNames";

test("the path of a field is told in words", () => {
  expect(fieldName(en, "first_message")).toBe("First message");
  expect(fieldName(en, "tools.0.parameters.1.name")).toBe(
    "Tools 1 · Values that the agent fills in 2 · Name",
  );
  expect(fieldName(en, "variables.guest")).toBe("Variables · guest");
});
