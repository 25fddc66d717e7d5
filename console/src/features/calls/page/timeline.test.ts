import { expect, test } from "vitest";
import type { Leg } from "@/queries/calls";
import { span, stretches } from "./timeline";

const at = (second: number) => new Date(second * 1000).toISOString();
const carrier: Leg = {
  leg: "carrier",
  provider: "twilio",
  id: "CA1",
  states: [
    { state: "queued", at: at(0) },
    { state: "ringing", at: at(2) },
    { state: "answered", at: at(4) },
    { state: "completed", at: at(10) },
  ],
};
const platform: Leg = {
  leg: "platform",
  provider: "ultravox",
  id: null,
  states: [
    { state: "opened", at: at(1) },
    { state: "first words", at: at(5) },
    { state: "last words", at: at(9) },
    { state: "settled", at: at(60) },
  ],
};

test("both legs are drawn on one scale, without the wait for settling", () => {
  const whole = span([carrier, platform], null);
  expect(whole).toEqual({ from: 0, until: 10_000 });
  expect(stretches(carrier, whole).map(({ from, width }) => [from, width])).toEqual([
    [0, 0.2],
    [0.2, 0.2],
    [0.4, 0.6],
  ]);
  expect(stretches(platform, whole).map(({ state }) => state)).toEqual(["opened", "first words"]);
});

test("a leg that lives on reaches to now", () => {
  const running = { ...carrier, states: carrier.states.slice(0, 3) };
  const whole = span([running], 8000);
  expect(stretches(running, whole).at(-1)).toEqual({ state: "answered", from: 0.5, width: 0.5 });
});
