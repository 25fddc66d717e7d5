import { expect, test } from "vitest";
import type { Turn } from "./calls";
import { turnAt, withTurns } from "./turns";

const turn = (index: number, text: string, at_seconds = index * 2): Turn => ({
  index,
  role: "agent",
  text,
  at_seconds,
  interrupted: false,
});

test("turns come in order, once, and with their last words", () => {
  const known = [turn(0, "Hel"), turn(2, "Fine")];
  const all = withTurns(known, [turn(1, "Hi"), turn(0, "Hello"), turn(2, "Fine")]);
  expect(all.map(({ text }) => text)).toEqual(["Hello", "Hi", "Fine"]);
  expect(known).toHaveLength(2);
});

test("the turn that is heard is the last one that began", () => {
  const turns = [turn(0, "a", 0.5), turn(1, "b", 3), turn(2, "c", 3)];
  expect([0, 0.5, 2.9, 3, 99].map((seconds) => turnAt(turns, seconds))).toEqual([-1, 0, 0, 2, 2]);
  expect(turnAt([], 5)).toBe(-1);
});
