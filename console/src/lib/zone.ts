import { createStoredChoice } from "./stored";

/** The zone of the machine. */
export const machineZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** The zones that a user may choose; the empty one is that of their machine. */
export const ZONES = ["", ...new Set(["UTC", ...Intl.supportedValuesOf("timeZone")])] as const;

export const chosenZone = createStoredChoice<string>("zone", ZONES, "");

/** The IANA name of the zone in which times are shown. */
export function timeZone(): string {
  return chosenZone.get() || machineZone;
}

/** The day in a zone, as `2026-11-22`. */
export function dayIn(at: Date, zone: string = timeZone()): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  }).formatToParts(at);
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** The instant when a day such as `2026-11-22` begins in a zone, `later` days on. */
export function dayStart(day: string, later = 0, zone: string = timeZone()): Date {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const asUtc = Date.UTC(year, month - 1, date + later);
  // twice, because the first guess may lie on the other side of a clock change
  const guess = asUtc - offset(asUtc, zone);
  return new Date(asUtc - offset(guess, zone));
}

/** How far a zone is ahead of UTC at an instant, in milliseconds. */
function offset(instant: number, zone: string): number {
  const parts = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(instant);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  const local = Date.UTC(
    part("year"),
    part("month") - 1,
    part("day"),
    part("hour"),
    part("minute"),
    part("second"),
  );
  return local - Math.floor(instant / 1000) * 1000;
}
