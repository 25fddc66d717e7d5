import { expect, test } from "vitest";
import { browserOf } from "./browser";

test("browsers are told by what only they say", () => {
  const mac = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko)";
  expect(browserOf(`${mac} Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0`)).toEqual({
    browser: "Edge",
    system: "macOS",
  });
  expect(browserOf(`${mac} Version/18.1 Safari/605.1.15`).browser).toBe("Safari");
  expect(browserOf("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/131.0")).toEqual({
    browser: "Chrome",
    system: "Linux",
  });
  expect(browserOf("python-httpx/0.28")).toEqual({ browser: null, system: null });
});
