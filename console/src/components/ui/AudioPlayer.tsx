import { Pause, Play } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useText } from "@/lib/i18n";
import { Button } from "./Button";
import { Spinner } from "./Spinner";

let playing: HTMLAudioElement | null = null;

interface PlayButtonProps {
  /** Names what is played. */
  label: string;
  /** Fetches the sound when it is first wanted; a blob's address or one of ours. Its rejection is the caller's to show. */
  load: () => Promise<string>;
  text?: string;
  onError?: (error: unknown) => void;
}

/** Plays one short sound. Starting one stops the other. */
export function PlayButton({ label, load, text, onError }: PlayButtonProps) {
  const t = useText();
  const audio = useRef<HTMLAudioElement | null>(null);
  const [state, setState] = useState<"idle" | "loading" | "playing">("idle");
  useEffect(
    () => () => {
      audio.current?.pause();
      audio.current = null;
    },
    [],
  );
  const toggle = async () => {
    if (state === "playing") return audio.current?.pause();
    setState("loading");
    try {
      const sound = new Audio(await load());
      playing?.pause();
      playing = sound;
      audio.current = sound;
      sound.addEventListener("pause", () => setState("idle"));
      sound.addEventListener("ended", () => setState("idle"));
      await sound.play();
      setState("playing");
    } catch (error) {
      setState("idle");
      onError?.(error);
    }
  };
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
