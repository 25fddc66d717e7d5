import { Pause, Play } from "lucide-react";
import { useCallback, useEffect, useRef, useState } from "react";
import { takeTurn } from "@/lib/audio/turn";
import { useText } from "@/lib/i18n";
import { Button } from "./Button";
import { Spinner } from "./Spinner";

interface PlayButtonProps {
  /** Names what is played. */
  label: string;
  /** Fetches the sound when it is first wanted; a blob's address or one of ours. Its rejection is the caller's to show. */
  load: () => Promise<string>;
  text?: string;
  onError?: (error: unknown) => void;
}

/** Plays one short sound. Starting one stops the other; pressing again while it is fetched gives it up. */
export function PlayButton({ label, load, text, onError }: PlayButtonProps) {
  const t = useText();
  const { state, toggle } = usePlaying(load, onError);
  const does = state === "playing" ? t.common.pause : (text ?? t.common.play);
  return (
    <Button
      size={text ? "md" : "icon-sm"}
      look={text ? "secondary" : "quiet"}
      aria-label={`${does} ${label}`}
      aria-busy={state === "loading" || undefined}
      data-playing={state === "playing" || undefined}
      onClick={() => void toggle()}
    >
      {state === "loading" ? (
        <Spinner />
      ) : state === "playing" ? (
        <Pause aria-hidden="true" />
      ) : (
        <Play aria-hidden="true" />
      )}
      {text && does}
    </Button>
  );
}

type State = "idle" | "loading" | "playing";

function usePlaying(load: () => Promise<string>, onError: ((error: unknown) => void) | undefined) {
  const wanted = useRef<symbol | null>(null);
  const audio = useRef<HTMLAudioElement | null>(null);
  const [state, setState] = useState<State>("idle");
  const stop = useCallback(() => {
    wanted.current = null;
    audio.current?.pause();
    audio.current = null;
    setState("idle");
  }, []);
  useEffect(() => stop, [stop]);
  const start = async () => {
    const mine = Symbol("play");
    wanted.current = mine;
    setState("loading");
    try {
      const address = await load();
      if (wanted.current !== mine) return release(address);
      const sound = takeTurn(address);
      audio.current = sound;
      for (const end of ["pause", "ended", "error"]) {
        sound.addEventListener(end, () => {
          release(address);
          if (audio.current === sound) stop();
        });
      }
      await sound.play();
      if (wanted.current === mine) setState("playing");
    } catch (error) {
      if (wanted.current !== mine) return; // given up meanwhile
      stop();
      onError?.(error);
    }
  };
  return { state, toggle: state === "idle" ? start : async () => stop() };
}

/** A sound that was fetched is kept only while it plays. */
function release(address: string): void {
  if (address.startsWith("blob:")) URL.revokeObjectURL(address);
}
