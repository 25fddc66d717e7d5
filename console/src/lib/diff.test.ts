import { expect, test } from "vitest";
import { diffWords } from "./diff";

test("words that stay, go and come are told apart", () => {
  expect(diffWords("open at six daily", "open at seven daily")).toEqual([
    { kind: "same", text: "open at " },
    { kind: "gone", text: "six" },
    { kind: "new", text: "seven" },
    { kind: "same", text: " daily" },
  ]);
});

test("both texts can be put together again", () => {
  const [before, after] = ["a b\nc d  e", "b\nx c e e"];
  const runs = diffWords(before, after);
  const side = (other: string) =>
    runs
      .filter(({ kind }) => kind !== other)
      .map(({ text }) => text)
      .join("");
  expect([side("new"), side("gone")]).toEqual([before, after]);
});

test("a rewritten sentence is one change, not one for each word", () => {
  expect(diffWords("Hi. Good old evening sir.", "Hi. Fine new morning madam.")).toEqual([
    { kind: "same", text: "Hi. " },
    { kind: "gone", text: "Good old evening sir." },
    { kind: "new", text: "Fine new morning madam." },
  ]);
});

test("nothing differs from nothing, and everything from nothing", () => {
  expect(diffWords("", "")).toEqual([]);
  expect(diffWords("", "new")).toEqual([{ kind: "new", text: "new" }]);
});

test("texts of the greatest length are compared in time", () => {
  const long = "word and ".repeat(11_000);
  expect(diffWords(long, `${long}end`).length).toBeGreaterThan(0);
});
