import { expect, test } from "vitest";
import type { Turn } from "@/queries/calls";
import { agentChannel, measured } from "./peaks";

const turn = (role: Turn["role"], at_seconds: number): Turn => ({
  index: 0,
  role,
  text: "",
  at_seconds,
  interrupted: false,
});

test("each slice has its loudest sample, whatever its sign", () => {
  const samples = Float32Array.from([0, 0.5, -0.75, 0, 0.25, 0, 0, 0]);
  expect([...measured(samples, 4)]).toEqual([0.5, 0.75, 0.25, 0]);
  expect(measured(new Float32Array(3), 10)).toHaveLength(10);
});

test("the agent's channel is the one that is loud while the agent talks", () => {
  const early = Float32Array.from([1, 1, 0, 0]);
  const late = Float32Array.from([0, 0, 1, 1]);
  const turns = [turn("agent", 0), turn("tool", 1), turn("callee", 5)];
  expect(agentChannel([early, late], turns, 8)).toBe(0);
  expect(agentChannel([late, early], turns, 8)).toBe(1);
  expect(agentChannel([early], turns, 8)).toBe(1);
});
