import { expect, test } from "vitest";
import { talkReducer, UNSTARTED } from "./talkState";

const run = (...messages: ({ type: string } & Record<string, unknown>)[]) =>
  messages.reduce(talkReducer, UNSTARTED);

test("a later caption of a turn replaces the former one", () => {
  const talk = run(
    { type: "starting", mode: "voice" },
    { type: "started", call_id: "call_1" },
    { type: "caption", turn: 0, role: "agent", text: "Good evening, how can I", final: true },
    { type: "caption", turn: 1, role: "callee", text: "A ta", final: false },
    { type: "caption", turn: 1, role: "callee", text: "A table", final: true },
    { type: "caption", turn: 0, role: "agent", text: "Good evening", final: true },
  );
  expect(talk.phase).toBe("running");
  expect(talk.captions.map(({ text }) => text)).toEqual(["Good evening", "A table"]);
});

test("the end keeps what was said and whose call it was", () => {
  const talk = run(
    { type: "started", call_id: "call_1" },
    { type: "caption", turn: 0, role: "agent", text: "Bye", final: true },
    { type: "ended", reason: "agent_hangup", call_id: "call_1" },
  );
  expect(talk).toMatchObject({ phase: "over", reason: "agent_hangup", callId: "call_1" });
  expect(talk.captions).toHaveLength(1);
});

test("what could not begin says why, and unknown messages change nothing", () => {
  expect(run({ type: "error", problem: { detail: "No such agent." } }).error).toBe("No such agent.");
  expect(run({ type: "news" })).toBe(UNSTARTED);
});
