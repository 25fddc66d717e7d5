import { expect, test } from "vitest";
import { dayIn, dayStart } from "./zone";

test("a day begins at midnight of its zone, also where clocks change", () => {
  expect(dayStart("2026-11-22", 0, "Europe/Madrid").toISOString()).toBe("2026-11-21T23:00:00.000Z");
  expect(dayStart("2026-03-29", 0, "Europe/Madrid").toISOString()).toBe("2026-03-28T23:00:00.000Z");
  expect(dayStart("2026-03-29", 1, "Europe/Madrid").toISOString()).toBe("2026-03-29T22:00:00.000Z");
  expect(dayStart("2026-12-31", 1, "America/New_York").toISOString()).toBe("2027-01-01T05:00:00.000Z");
});

test("the day is that of the zone", () => {
  const instant = new Date("2026-11-22T23:30:00Z");
  expect(dayIn(instant, "Europe/Madrid")).toBe("2026-11-23");
  expect(dayIn(instant, "America/Los_Angeles")).toBe("2026-11-22");
});
