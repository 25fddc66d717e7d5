import type { MicrophoneTrouble } from "@/lib/audio/line";

export interface Caption {
  turn: number;
  role: "agent" | "callee";
  text: string;
  final: boolean;
}

export interface TalkState {
  phase: "idle" | "starting" | "running" | "over";
  mode: "text" | "voice";
  callId: string | null;
  captions: readonly Caption[];
  /** What the agent does. */
  agent: "listening" | "thinking" | "speaking" | null;
  levels: { agent: number; callee: number };
  muted: boolean;
  tools: readonly { id: number; name: string; failed: boolean; after: number }[];
  reason: string | null;
  trouble: MicrophoneTrouble | null;
  /** Why it could not begin or broke, in the server's words. */
  error: string | null;
  /** The connection went away in the middle. */
  broken: boolean;
}

export const UNSTARTED: TalkState = {
  phase: "idle",
  mode: "text",
  callId: null,
  captions: [],
  agent: null,
  levels: { agent: 0, callee: 0 },
  muted: false,
  tools: [],
  reason: null,
  trouble: null,
  error: null,
  broken: false,
};

type Message = { type: string } & Record<string, unknown>;

/** The conversation after one more message: the server's, or one of ours (`starting`, `failed`, `closed`, `muted`). */
export function talkReducer(state: TalkState, message: Message): TalkState {
  switch (message.type) {
    case "starting":
      return { ...UNSTARTED, phase: "starting", mode: message.mode as TalkState["mode"] };
    case "started":
      return { ...state, phase: "running", callId: message.call_id as string };
    case "caption":
      return { ...state, captions: withCaption(state.captions, message as unknown as Caption) };
    case "state":
      return { ...state, agent: message.state as TalkState["agent"] };
    case "level":
      return { ...state, levels: { agent: message.agent as number, callee: message.callee as number } };
    case "tool": {
      const after = state.captions.at(-1)?.turn ?? -1;
      return {
        ...state,
        tools: [
          ...state.tools,
          { id: state.tools.length, name: String(message.name), failed: message.failed === true, after },
        ],
      };
    }
    case "muted":
      return { ...state, muted: message.muted === true };
    case "ended":
      return {
        ...over(state),
        callId: (message.call_id as string | null) ?? state.callId,
        reason: message.reason as string | null,
      };
    case "error":
      return { ...over(state), error: String((message.problem as { detail?: string }).detail ?? "") };
    case "failed":
      return { ...over(state), trouble: message.trouble as MicrophoneTrouble };
    case "closed":
      return { ...over(state), broken: true, error: (message.reason as string) || null };
    default:
      return state; // more kinds of messages will come
  }
}

function over(state: TalkState): TalkState {
  return { ...state, phase: "over", agent: null, levels: { agent: 0, callee: 0 } };
}

/** A later caption of the same turn replaces the former one, wherever it stands. */
function withCaption(captions: readonly Caption[], { turn, role, text, final }: Caption): Caption[] {
  const caption = { turn, role, text, final };
  const at = captions.findIndex((one) => one.turn === turn && one.role === role);
  return at < 0 ? [...captions, caption] : captions.map((one, index) => (index === at ? caption : one));
}
