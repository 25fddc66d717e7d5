import { expect, test } from "vitest";
import { telephoneReducer, UNPLUGGED } from "./telephoneState";

const run = (...messages: ({ type: string } & Record<string, unknown>)[]) =>
  messages.reduce(telephoneReducer, UNPLUGGED);
const texts = (...messages: Parameters<typeof run>) => run(...messages).lines.map(({ text }) => text);

const ANSWERED = { type: "answered", from: "+15005550006", call_sid: "CA1" };
const HEARD = { type: "caption", who: "caller", text: "Cossabird, good evening." };
const TYPED = { type: "caption", who: "callee", text: "When do you open?" };

test("our own agent is quoted from the log of the call, not by ear", () => {
  expect(
    texts(
      ANSWERED,
      { type: "found", callId: "call_1" },
      HEARD,
      { type: "turn", index: 0, text: "Casa Verde, good" },
      TYPED,
      { type: "turn", index: 0, text: "Casa Verde, good evening." },
      { type: "turn", index: 2, text: "At six." },
    ),
  ).toEqual(["Casa Verde, good evening.", "When do you open?", "At six."]);
});

test("a stranger who rings is quoted by ear", () => {
  expect(texts(ANSWERED, HEARD, TYPED)).toEqual([HEARD.text, TYPED.text]);
});

test("after the end the last words stay until they are put away, or it rings again", () => {
  const over = run(ANSWERED, TYPED, { type: "ended", reason: "caller_hangup" }, { type: "idle" });
  expect(over).toMatchObject({ phase: "ended", reason: "caller_hangup", callSid: "CA1" });
  expect(over.lines).toHaveLength(1);
  expect(telephoneReducer(over, { type: "put-away" })).toEqual({ ...UNPLUGGED, phase: "idle" });
  expect(telephoneReducer(over, { type: "ringing", from: "+1", call_sid: "CA2" }).lines).toEqual([]);
});
