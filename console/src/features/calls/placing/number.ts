import {
  AsYouType,
  type CountryCode,
  getCountries,
  getCountryCallingCode,
  isSupportedCountry,
  parsePhoneNumberFromString,
  validatePhoneNumberLength,
} from "libphonenumber-js/min";
import { locale } from "@/lib/i18n";
import { createStoredChoice } from "@/lib/stored";

export type { CountryCode };

/** What is wrong with a number, and whether it may be called all the same. */
export interface CheckedNumber {
  /** E.164, when it can be dialled. */
  e164: string | null;
  /** As people write it, with country code. */
  written: string | null;
  country: CountryCode | undefined;
  problem: "TOO_SHORT" | "TOO_LONG" | "INVALID_COUNTRY" | "NOT_A_NUMBER" | "INVALID_LENGTH" | null;
  /** Its digits fit no number that is given out; numbers of a test carrier may be like that. */
  unreal: boolean;
}

/** Read a number as it was typed; without `+` as it is dialled inside the country. */
export function checkNumber(typed: string, country: CountryCode): CheckedNumber {
  const problem = validatePhoneNumberLength(typed, country) ?? null;
  const number = problem
    ? undefined
    : parsePhoneNumberFromString(typed, { defaultCountry: country, extract: false });
  return {
    e164: number?.number ?? null,
    written: number?.formatInternational() ?? null,
    country: number?.country ?? begunCountry(typed),
    problem: problem ?? (number ? null : "NOT_A_NUMBER"),
    unreal: number ? !number.isValid() : false,
  };
}

/** Of a number with country code that is not complete yet. */
function begunCountry(typed: string): CountryCode | undefined {
  const begun = new AsYouType();
  begun.input(typed);
  return begun.getCountry();
}

const guess = new Intl.Locale(navigator.language).maximize().region ?? "US";

/** The country in which numbers without country code are read; the last one that was chosen. */
export const homeCountry = createStoredChoice<CountryCode>(
  "country",
  getCountries(),
  isSupportedCountry(guess) ? guess : "US",
);

export function countryName(country: CountryCode): string {
  return new Intl.DisplayNames(locale.get(), { type: "region" }).of(country) ?? country;
}

/** All countries by name, with their codes. */
export function countries(): { country: CountryCode; name: string; code: string }[] {
  return getCountries()
    .map((country) => ({ country, name: countryName(country), code: `+${getCountryCallingCode(country)}` }))
    .sort((one, other) => one.name.localeCompare(other.name, locale.get()));
}
