import { locale } from "@/lib/i18n";
import { timeZone } from "./zone";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** `22 Nov 2026, 14:05`. */
export function dateTime(iso: string): string {
  return inZone({ dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}

/** `14:05:31`, for lines of one day. */
export function clockTime(iso: string): string {
  return inZone({ timeStyle: "medium" }).format(new Date(iso));
}

/** `22 Nov 2026`. */
export function date(iso: string): string {
  return inZone({ dateStyle: "medium" }).format(new Date(iso));
}

/** A day that is no instant, such as `2026-12-31`: the same in every zone. */
export function day(iso: string): string {
  const options = { dateStyle: "medium", timeZone: "UTC" } as const;
  return made(`${regional()} day`, () => new Intl.DateTimeFormat(regional(), options)).format(new Date(iso));
}

/** `22 Nov`. */
export function dayAndMonth(iso: string): string {
  return inZone({ day: "numeric", month: "short" }).format(new Date(iso));
}

/** `14:05`. */
export function hourAndMinute(iso: string): string {
  return inZone({ timeStyle: "short" }).format(new Date(iso));
}

/** `3 minutes ago`; after a week the date. */
export function ago(iso: string, now: number = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000;
  const far = Math.abs(seconds);
  const relative = new Intl.RelativeTimeFormat(locale.get(), { numeric: "auto" });
  if (far < MINUTE) return relative.format(0, "second");
  if (far < HOUR) return relative.format(Math.round(seconds / MINUTE), "minute");
  if (far < DAY) return relative.format(Math.round(seconds / HOUR), "hour");
  if (far < 7 * DAY) return relative.format(Math.round(seconds / DAY), "day");
  return inZone({ dateStyle: "medium" }).format(new Date(iso));
}

/** `1:05` or `1:02:07`; seconds are whole. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, "0");
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  const rest = `${two(whole % MINUTE)}`;
  return whole >= HOUR ? `${Math.floor(whole / HOUR)}:${two(minutes)}:${rest}` : `${minutes}:${rest}`;
}

/** An amount as the API writes it (`"0.0561"`), with its currency; sums below one keep four decimals unless they are whole cents. */
export function money(amount: string, currency: string): string {
  const value = Number(amount);
  const whole = Math.abs(Math.round(value * 100) - value * 100) < 0.005;
  const decimals = Math.abs(value) < 1 && !whole ? 4 : 2;
  const options = {
    style: "currency",
    currency,
    currencyDisplay: "narrowSymbol",
    minimumFractionDigits: decimals,
    maximumFractionDigits: decimals,
  } as const;
  return made(
    `${locale.get()} money ${currency} ${decimals}`,
    () => new Intl.NumberFormat(locale.get(), options),
  ).format(value);
}

/** A share of one as `73 %`, in whole percent. */
export function percent(share: number): string {
  return new Intl.NumberFormat(locale.get(), { style: "percent", maximumFractionDigits: 0 }).format(share);
}

/** Seconds with one decimal below ten, such as `3.4 s`; from a minute on as a clock. */
export function seconds(value: number): string {
  if (value >= MINUTE) return clock(Math.round(value));
  const digits = value < 10 ? 1 : 0;
  const number = new Intl.NumberFormat(locale.get(), { maximumFractionDigits: digits }).format(value);
  return `${number} s`;
}

/** At most two decimals, such as `0.95`. */
export function decimal(value: number): string {
  return new Intl.NumberFormat(locale.get(), { maximumFractionDigits: 2 }).format(value);
}

export function integer(value: number): string {
  return new Intl.NumberFormat(locale.get()).format(value);
}

/** The name of a language tag in the user's language: `es-MX` → `Mexican Spanish`. */
export function languageName(tag: string): string {
  try {
    return new Intl.DisplayNames(locale.get(), { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag; // no tag at all, though the platform said so
  }
}

/** The user's own variety of the chosen language, such as `en-GB`: it orders dates and numbers the hours. */
function regional(): string {
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(locale.get())) ?? locale.get();
}

/** Times in the zone that the user chose. */
function inZone(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const zone = timeZone();
  const name = `${regional()} ${zone} ${JSON.stringify(options)}`;
  return made(name, () => new Intl.DateTimeFormat(regional(), { ...options, timeZone: zone }));
}

const formats = new Map<string, unknown>();

/** Formats are dear to make and asked for in every row of a list. */
function made<T>(name: string, make: () => T): T {
  if (!formats.has(name)) formats.set(name, make());
  return formats.get(name) as T;
}
