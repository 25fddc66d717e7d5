import { expect, test } from "vitest";
import { changes, emptyDraft, fieldsOf } from "./draft";

const DRAFT = { ...emptyDraft("ultravox", "en"), name: "Reception", prompt: "Greet {{guest}}." };

test("switching platforms sends only what belongs to the chosen one, and keeps the other", () => {
  const parts = {
    ultravox: { ...DRAFT.parts.ultravox, voice: "Jessica" },
    elevenlabs: { ...DRAFT.parts.elevenlabs, voice: "cjVigY5qzO86Huf0OWal", model: "eleven_flash_v2" },
  };
  const there = { ...DRAFT, parts, platform: "elevenlabs" as const };
  expect(fieldsOf(there)).toMatchObject({ voice: "cjVigY5qzO86Huf0OWal", model: "eleven_flash_v2" });
  expect(fieldsOf({ ...there, platform: "ultravox" })).toMatchObject({ voice: "Jessica", model: null });
});

test("variables are those that the texts use, with what was set for them", () => {
  const variables = { guest: { type: "string" as const, default: "Ann" }, old: { type: "number" as const } };
  expect(fieldsOf({ ...DRAFT, variables }).variables).toEqual({ guest: { type: "string", default: "Ann" } });
});

test("only what differs is sent as a change", () => {
  expect(changes(DRAFT, DRAFT)).toEqual({});
  expect(changes(DRAFT, { ...DRAFT, name: "Desk", voicemail: { message: "", action: "ignore" } })).toEqual({
    name: "Desk",
  });
});

test("platform options must be an object", () => {
  const parts = { ...DRAFT.parts, ultravox: { ...DRAFT.parts.ultravox, platform_options: "[1]" } };
  expect(() => fieldsOf({ ...DRAFT, parts })).toThrow(SyntaxError);
});
