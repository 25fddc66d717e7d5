import { expect, test } from "vitest";
import { refreshedBy } from "./refreshes";

test("an event refreshes what it is about, and a turn fetches nothing", () => {
  expect(refreshedBy("agent.updated")).toEqual([["agents"]]);
  expect(refreshedBy("call.ringing")).toContainEqual(["calls"]);
  expect(refreshedBy("call.turn")).toEqual([]);
  expect(refreshedBy("something.new")).toEqual([]);
});
