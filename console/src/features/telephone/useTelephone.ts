import { useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useReducer, useRef } from "react";
import { AudioLine, troubleOf } from "@/lib/audio/line";
import { useLeaveWarning } from "@/lib/leaving";
import { asProblem } from "@/lib/problem";
import { openSocket, type Socket } from "@/lib/socket";
import { meQuery } from "@/queries/me";
import { telephoneReducer, UNPLUGGED } from "./telephoneState";
import { useOwnCall } from "./useOwnCall";

const AGAIN_MS = 3_000;

/** The sandbox's telephone: rings here when +1 415 555 0110 is called. `plugged`: whether there is one. */
export function useTelephone(plugged: boolean) {
  const client = useQueryClient();
  const [state, tell] = useReducer(telephoneReducer, UNPLUGGED);
  const socket = useRef<Socket | null>(null);
  const audio = useRef<Promise<AudioLine> | null>(null);
  useOwnCall(state, tell);
  useLeaveWarning(state.phase === "answered");

  const quiet = useCallback(() => {
    void audio.current?.then((line) => line.close()).catch(() => {}); // what never opened needs no closing
    audio.current = null;
  }, []);

  useEffect(() => {
    if (!plugged) return;
    let gone = false;
    let timer: number | undefined;
    const plug = () => {
      socket.current = openSocket("/api/v1/sandbox/telephone", {
        onMessage: (message) => {
          if (message.type === "ended") quiet();
          tell(message);
        },
        onAudio: (pcm) => void audio.current?.then((line) => line.play(pcm)).catch(() => {}),
        onClosed: ({ opened }) => {
          quiet();
          tell({ type: "unplugged" });
          if (opened) later();
        },
      });
    };
    const later = () => {
      timer = window.setTimeout(() => void again(), AGAIN_MS);
    };
    /** Sockets tell no reason for a refusal: ask first whether we are still signed in, and the server there. */
    const again = async () => {
      const status = await client.fetchQuery({ ...meQuery, staleTime: 0 }).then(
        () => null,
        (thrown: unknown) => asProblem(thrown).status,
      );
      if (gone || status === 401) return;
      if (status === null) plug();
      else later();
    };
    plug();
    return () => {
      gone = true;
      window.clearTimeout(timer);
      socket.current?.close();
      quiet();
    };
  }, [plugged, quiet, client]);

  /** Loudspeaker, and microphone if it is wanted. Where there is none the call goes on in writing. */
  const setListening = async (on: boolean) => {
    audio.current ??= AudioLine.open({
      onPcm: (pcm) => socket.current?.sendAudio(pcm),
      onLoudness: (peak) => tell({ type: "loudness", peak }),
    });
    const opened = audio.current;
    try {
      const line = await opened;
      if (on) await line.listen();
      else line.mute();
      if (audio.current !== opened) return line.mute(); // the call ended meanwhile
      tell({ type: "listens", on });
    } catch (thrown) {
      await opened.catch(() => {
        if (audio.current === opened) audio.current = null; // the next press tries anew
      });
      tell({ type: "trouble", trouble: troubleOf(thrown) });
    }
  };

  const answer = (byVoice: boolean) => {
    socket.current?.send({ type: "answer" });
    void setListening(byVoice); // in this click: browsers play nothing that nobody asked for
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
