import { useEffect, useEffectEvent, useRef, useState } from "react";

const TYPING_MS = 300;

/** A box whose value is told when typing pauses, and which follows the value when that changes elsewhere. */
export function useTyped(value: string, onValue: (value: string) => void): [string, (typed: string) => void] {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  useEffect(() => {
    if (value === told.current) return; // what was told comes back late, and more may have been typed
    told.current = value;
    setTyped(value);
  }, [value]);
  const tell = useEffectEvent(() => {
    if (typed === told.current) return;
    told.current = typed;
    onValue(typed);
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: every key starts the time anew
  useEffect(() => {
    const timer = window.setTimeout(tell, TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped];
}
