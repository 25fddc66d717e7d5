import { useEffect, useState } from "react";

const TYPING_MS = 300;

/** The value once it has stayed the same for a moment: for what is asked of the server about something typed. */
export function useSettled<T>(value: T, same: string = JSON.stringify(value)): T {
  const [settled, setSettled] = useState(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `same` tells when the value differs
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(value), TYPING_MS);
    return () => window.clearTimeout(timer);
  }, [same]);
  return settled;
}
