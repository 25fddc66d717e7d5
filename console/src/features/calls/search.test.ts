import { expect, test } from "vitest";
import { filterOf } from "./search";

test("an address without filters asks for all calls", () => {
  expect(filterOf({})).toEqual({});
});

test("days become instants of the user's zone, the last one included", () => {
  const { created_from, created_to } = filterOf({ from: "2026-02-28", to: "2026-02-28" });
  expect(new Date(created_from ?? "").getHours()).toBe(0);
  expect(created_to).toBe(new Date(2026, 2, 1).toISOString());
});

test("several statuses are asked for one by one", () => {
  const filter = filterOf({ status: "busy,failed", agent: "agt_1", text: "refund" });
  expect(filter).toEqual({ status: ["busy", "failed"], agent_id: "agt_1", text: "refund" });
});
