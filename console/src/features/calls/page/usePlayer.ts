import { useEffect, useEffectEvent, useState } from "react";

export interface Player {
  /** For the audio element. */
  ref: (element: HTMLAudioElement | null) => void;
  playing: boolean;
  seconds: number;
  /** Null until the sound tells. */
  duration: number | null;
  speed: number;
  toggle: () => void;
  play: () => void;
  seek: (seconds: number) => void;
  setSpeed: (speed: number) => void;
}

/** The state of an audio element, followed picture by picture while it plays. */
export function usePlayer(onTime: (seconds: number) => void): Player {
  const [audio, setAudio] = useState<HTMLAudioElement | null>(null);
  const [playing, setPlaying] = useState(false);
  const [seconds, setSeconds] = useState(0);
  const [duration, setDuration] = useState<number | null>(null);
  const [speed, chooseSpeed] = useState(1);
  const moved = useEffectEvent(() => {
    const now = audio?.currentTime ?? 0;
    setSeconds(now);
    onTime(now);
  });

  useEffect(() => {
    const element = audio;
    if (!element) return;
    const known = () => setDuration(Number.isFinite(element.duration) ? element.duration : null);
    const state = () => setPlaying(!element.paused && !element.ended);
    const seeked = () => moved();
    element.addEventListener("durationchange", known);
    element.addEventListener("seeked", seeked);
    for (const name of ["play", "pause", "ended"]) element.addEventListener(name, state);
    return () => {
      element.removeEventListener("durationchange", known);
      element.removeEventListener("seeked", seeked);
      for (const name of ["play", "pause", "ended"]) element.removeEventListener(name, state);
    };
  }, [audio]);

  useEffect(() => {
    if (!playing) return;
    let frame = 0;
    const step = () => {
      moved();
      frame = requestAnimationFrame(step);
    };
    frame = requestAnimationFrame(step);
    return () => cancelAnimationFrame(frame);
  }, [playing]);

  const play = () => {
    // a play that was stopped by the next press is no failure
    void audio?.play().catch(() => setPlaying(false));
  };
  return {
    ref: setAudio,
    playing,
    seconds,
    duration,
    speed,
    play,
    toggle: () => (playing ? audio?.pause() : play()),
    seek: (to) => {
      if (audio) audio.currentTime = to;
      setSeconds(to);
    },
    setSpeed: (wanted) => {
      chooseSpeed(wanted);
      if (audio) audio.playbackRate = wanted;
    },
  };
}
