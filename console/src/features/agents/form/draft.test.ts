import { expect, test } from "vitest";
import type { Agent } from "@/queries/agents";
import { changes, draftOf, emptyDraft, fieldsOf, newFieldsOf } from "./draft";

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

test("a new agent takes the voice's settings only where its platform has any", () => {
  const tuned = { ...DRAFT, voice_settings: { speed: 0.9 } };
  expect(newFieldsOf({ ...tuned, platform: "elevenlabs" }).voice_settings).toEqual({ speed: 0.9 });
  expect(newFieldsOf(tuned).voice_settings).toBeNull();
});

test("changes that wait stand in the form, and go along with the next save", () => {
  const saved = {
    ...fieldsOf(DRAFT),
    draft: { values: { first_message: "Later.", tags: ["night"] } },
  } as unknown as Agent;
  const form = draftOf(saved);
  expect(form.first_message).toBe("Later.");
  expect(changes(form, { ...form, name: "Desk" }, ["first_message", "tags"])).toEqual({
    name: "Desk",
    first_message: "Later.",
    tags: ["night"],
  });
});
