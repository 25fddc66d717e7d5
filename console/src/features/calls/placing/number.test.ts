import { beforeAll, expect, test, vi } from "vitest";

beforeAll(() => {
  vi.stubGlobal("navigator", { language: "de-AT" });
});

test("numbers are read with country code, or as they are dialled at home", async () => {
  const { checkNumber, homeCountry } = await import("./number");
  expect(homeCountry.get()).toBe("AT");
  expect(checkNumber("+1 (415) 555-0100", "DE")).toMatchObject({
    e164: "+14155550100",
    country: "US",
    problem: null,
    unreal: false,
  });
  expect(checkNumber("030 123456", "DE")).toMatchObject({ e164: "+4930123456", written: "+49 30 123456" });
});

test("what is wrong is told, and an unreal number may still be called", async () => {
  const { checkNumber } = await import("./number");
  expect(checkNumber("+1415", "US")).toMatchObject({ e164: null, problem: "TOO_SHORT" });
  expect(checkNumber("+1415555010012345", "US")).toMatchObject({ e164: null, problem: "TOO_LONG" });
  expect(checkNumber("call me", "US")).toMatchObject({ e164: null, problem: "NOT_A_NUMBER" });
  expect(checkNumber("+999123456", "US")).toMatchObject({ e164: null, problem: "INVALID_COUNTRY" });
  expect(checkNumber("+11115550100", "US")).toMatchObject({ e164: "+11115550100", unreal: true });
});
