import { useEffect, useEffectEvent, useState } from "react";

const TYPING_MS = 300;

/** A box whose value is told when typing pauses, and which follows the value when that changes elsewhere. */
export function useTyped(value: string, onValue: (value: string) => void): [string, (typed: string) => void] {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  const tell = useEffectEvent(() => {
    if (typed !== value) onValue(typed);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: every key starts the time anew
  useEffect(() => {
    const timer = window.setTimeout(tell, TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped];
}
