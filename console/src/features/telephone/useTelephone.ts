import { useCallback, useEffect, useReducer, useRef } from "react";
import { AudioLine, type MicrophoneTrouble, NoMicrophone } from "@/lib/audio/line";
import { openSocket, type Socket } from "@/lib/socket";

interface Line {
  id: number;
  who: "caller" | "callee";
  text: string;
}

interface TelephoneState {
  phase: "unplugged" | "idle" | "ringing" | "answered" | "ended";
  from: string | null;
  lines: readonly Line[];
  reason: string | null;
  listens: boolean;
  trouble: MicrophoneTrouble | null;
  loudness: number;
}

const UNPLUGGED: TelephoneState = {
  phase: "unplugged",
  from: null,
  lines: [],
  reason: null,
  listens: false,
  trouble: null,
  loudness: 0,
};

type Message = { type: string } & Record<string, unknown>;

function reduce(state: TelephoneState, message: Message): TelephoneState {
  switch (message.type) {
    case "unplugged":
      return UNPLUGGED;
    case "idle": // after a call its last words stay to be read
      return state.phase === "ended" ? state : { ...UNPLUGGED, phase: "idle" };
    case "ringing":
      return { ...UNPLUGGED, phase: "ringing", from: message.from as string };
    case "answered":
      return { ...UNPLUGGED, phase: "answered", from: message.from as string };
    case "caption": {
      const line = { id: state.lines.length, who: message.who as Line["who"], text: String(message.text) };
      return { ...state, lines: [...state.lines, line] };
    }
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

const AGAIN_MS = 3_000;

/** The sandbox's telephone: rings here when +1 415 555 0110 is called. `plugged`: whether there is one. */
export function useTelephone(plugged: boolean) {
  const [state, tell] = useReducer(reduce, UNPLUGGED);
  const socket = useRef<Socket | null>(null);
  const audio = useRef<AudioLine | null>(null);

  const quiet = useCallback(() => {
    void audio.current?.close();
    audio.current = null;
  }, []);

  useEffect(() => {
    if (!plugged) return;
    let timer: number | undefined;
    const plug = () => {
      socket.current = openSocket("/api/v1/sandbox/telephone", {
        onMessage: (message) => {
          if (message.type === "ended") quiet();
          tell(message);
        },
        onAudio: (pcm) => audio.current?.play(pcm),
        onClosed: ({ opened }) => {
          quiet();
          tell({ type: "unplugged" });
          if (opened) timer = window.setTimeout(plug, AGAIN_MS);
        },
      });
    };
    plug();
    return () => {
      window.clearTimeout(timer);
      socket.current?.close();
      quiet();
    };
  }, [plugged, quiet]);

  const setListening = useCallback(async (on: boolean) => {
    if (!on) {
      audio.current?.mute();
      return tell({ type: "listens", on: false });
    }
    try {
      await audio.current?.listen();
      tell({ type: "listens", on: audio.current?.listens ?? false });
    } catch (thrown) {
      tell({ type: "trouble", trouble: thrown instanceof NoMicrophone ? thrown.trouble : "missing" });
    }
  }, []);

  const answer = async (byVoice: boolean) => {
    audio.current = await AudioLine.open({
      onPcm: (pcm) => socket.current?.sendAudio(pcm),
      onLoudness: (peak) => tell({ type: "loudness", peak }),
    });
    socket.current?.send({ type: "answer" });
    if (byVoice) await setListening(true);
  };

  return {
    ...state,
    answer,
    setListening,
    decline: () => socket.current?.send({ type: "decline" }),
    say: (text: string) => socket.current?.send({ type: "say", text }),
    hangUp: () => socket.current?.send({ type: "hangup" }),
    putAway: () => tell({ type: "put-away" }),
  };
}
