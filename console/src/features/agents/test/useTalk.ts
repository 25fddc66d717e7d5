import { useEffect, useReducer, useRef } from "react";
import { AudioLine, troubleOf } from "@/lib/audio/line";
import { useLeaveWarning } from "@/lib/leaving";
import { openSocket, type Socket } from "@/lib/socket";
import { type TalkState, talkReducer, UNSTARTED } from "./talkState";

export interface Talk extends TalkState {
  start: (mode: "text" | "voice", variables: Record<string, unknown>) => Promise<void>;
  say: (text: string) => void;
  hangUp: () => void;
  /** Microphone on or off, while it is spoken. */
  setMuted: (muted: boolean) => void;
}

/** A conversation with an agent in this page, in writing or aloud. Ends when the component goes. */
export function useTalk(agentId: string): Talk {
  const [state, tell] = useReducer(talkReducer, UNSTARTED);
  const line = useRef<{ socket: Socket | null; audio: AudioLine | null }>({ socket: null, audio: null });

  useLeaveWarning(state.phase === "running");

  const release = () => {
    line.current.socket?.close();
    void line.current.audio?.close();
    line.current = { socket: null, audio: null };
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the component goes
  useEffect(() => release, []);

  const start: Talk["start"] = async (mode, variables) => {
    release();
    tell({ type: "starting", mode });
    const mine: { socket: Socket | null; audio: AudioLine | null } = { socket: null, audio: null };
    line.current = mine;
    if (mode === "voice") {
      try {
        mine.audio = await AudioLine.open({ onPcm: (pcm) => mine.socket?.sendAudio(pcm) });
        await mine.audio.listen();
      } catch (thrown) {
        release();
        return tell({ type: "failed", trouble: troubleOf(thrown) });
      }
      if (line.current !== mine) return void mine.audio.close();
    }
    mine.socket = openSocket(`/api/v1/agents/${agentId}/talk`, {
      onOpen: () => mine.socket?.send({ type: "start", mode, variables }),
      onMessage: (message) => {
        if (message.type === "interrupted") mine.audio?.interrupt();
        tell(message);
        if (message.type === "ended" || message.type === "error") release();
      },
      onAudio: (pcm) => mine.audio?.play(pcm),
      onClosed: ({ reason }) => {
        release();
        tell({ type: "closed", reason });
      },
    });
  };

  return {
    ...state,
    start,
    say: (text) => line.current.socket?.send({ type: "text", text }),
    hangUp: () => line.current.socket?.send({ type: "hangup" }),
    setMuted: (muted) => {
      tell({ type: "muted", muted });
      if (muted) line.current.audio?.mute();
      else void line.current.audio?.listen().catch(() => tell({ type: "muted", muted: true }));
    },
  };
}
