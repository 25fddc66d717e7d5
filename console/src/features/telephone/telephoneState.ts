import type { MicrophoneTrouble } from "@/lib/audio/line";

interface Line {
  /** The agent's turns by their index, so that a later one corrects the former; the rest in order. */
  id: string;
  who: "caller" | "callee";
  text: string;
}

export interface TelephoneState {
  phase: "unplugged" | "idle" | "ringing" | "answered" | "ended";
  from: string | null;
  /** The carrier's id of what rings or talks. */
  callSid: string | null;
  /** Our own call, once it is found; a stranger's has none. */
  callId: string | null;
  lines: readonly Line[];
  reason: string | null;
  listens: boolean;
  trouble: MicrophoneTrouble | null;
  loudness: number;
}

export const UNPLUGGED: TelephoneState = {
  phase: "unplugged",
  from: null,
  callSid: null,
  callId: null,
  lines: [],
  reason: null,
  listens: false,
  trouble: null,
  loudness: 0,
};

export type Message = { type: string } & Record<string, unknown>;

/** The telephone after one more message: the sandbox's, or one of ours (`found`, `turn`, `listens`, `trouble`…). */
export function telephoneReducer(state: TelephoneState, message: Message): TelephoneState {
  switch (message.type) {
    case "unplugged":
      return UNPLUGGED;
    case "idle": // after a call its last words stay to be read
      return state.phase === "ended" ? state : { ...UNPLUGGED, phase: "idle" };
    case "ringing":
    case "answered":
      return {
        ...UNPLUGGED,
        phase: message.type,
        from: message.from as string,
        callSid: message.call_sid as string,
      };
    case "found":
      return { ...state, callId: message.callId as string };
    case "caption":
      return withCaption(state, message.who as Line["who"], String(message.text));
    case "turn":
      return withTurn(state, `turn${message.index}`, String(message.text));
    case "ended":
      return { ...state, phase: "ended", reason: message.reason as string, listens: false, loudness: 0 };
    case "listens":
      return { ...state, listens: message.on === true, trouble: null };
    case "trouble":
      return { ...state, listens: false, trouble: message.trouble as MicrophoneTrouble };
    case "loudness":
      return { ...state, loudness: message.peak as number };
    case "put-away":
      return { ...UNPLUGGED, phase: "idle" };
    default:
      return state;
  }
}

/** What the sandbox understood by ear is rough: of our own agent's words the log of the call knows better. */
function withCaption(state: TelephoneState, who: Line["who"], text: string): TelephoneState {
  if (who === "caller" && state.callId !== null) return state;
  return { ...state, lines: [...state.lines, { id: `heard${state.lines.length}`, who, text }] };
}

function withTurn(state: TelephoneState, id: string, text: string): TelephoneState {
  const line: Line = { id, who: "caller", text };
  const known = state.lines.some((one) => one.id === id);
  return {
    ...state,
    lines: known ? state.lines.map((one) => (one.id === id ? line : one)) : [...state.lines, line],
  };
}
