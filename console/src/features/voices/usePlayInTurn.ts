import { useCallback, useEffect, useRef, useState } from "react";
import { takeTurn } from "@/lib/audio/turn";

/** Plays sounds one after another; `current` is the address of the one that is heard. */
export function usePlayInTurn() {
  const [current, setCurrent] = useState<string | null>(null);
  const audio = useRef<HTMLAudioElement | null>(null);
  const stop = useCallback(() => {
    audio.current?.pause();
    audio.current = null;
    setCurrent(null);
  }, []);
  useEffect(() => stop, [stop]);
  const play = useCallback(
    (addresses: readonly string[]) => {
      stop();
      const [first, ...rest] = addresses;
      if (first === undefined) return;
      const sound = takeTurn(first);
      const next = () => {
        if (audio.current === sound) play(rest);
      };
      audio.current = sound;
      setCurrent(first);
      sound.addEventListener("pause", () => {
        if (audio.current === sound && !sound.ended) stop(); // another sound took the turn
      });
      sound.addEventListener("ended", next);
      sound.addEventListener("error", next);
      sound.play().catch(next);
    },
    [stop],
  );
  return { current, play, stop };
}
