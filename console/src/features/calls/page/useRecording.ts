import { useEffect, useState } from "react";
import { asProblem, type Problem } from "@/lib/problem";
import { type Call, fetchRecording, recordingAddress } from "@/queries/calls";
import { type Peaks, peaksOf } from "./peaks";

/** Longer recordings are played as they come, without a waveform. */
const LONGEST_SECONDS = 3600;
const SLICES = 1200;

export interface Recording {
  /** What plays; null until it is there. */
  address: string | null;
  /** Null where there is no waveform (yet). */
  peaks: Peaks | null;
  problem: Problem | null;
}

/** Platforms that prepare a recording when it is first asked for may need longer than one request. */
const TRIES = 4;
const WAIT_SECONDS = 2;

const NOTHING: Recording = { address: null, peaks: null, problem: null };

/** The call's recording, fetched once for playing and for drawing. `attempt` grows to try again. */
export function useRecording(call: Call, attempt: number): Recording {
  const { id, has_recording: exists } = call;
  const long = (call.duration_seconds ?? 0) > LONGEST_SECONDS;
  const [recording, setRecording] = useState(NOTHING);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt fetches anew
  useEffect(() => {
    setRecording(NOTHING);
    if (!exists) return;
    if (long) return setRecording({ ...NOTHING, address: recordingAddress(id) });
    const abort = new AbortController();
    let address: string | null = null;
    const load = async () => {
      const sound = await patiently(() => fetchRecording(id, abort.signal));
      if (abort.signal.aborted) return;
      address = URL.createObjectURL(sound);
      setRecording({ ...NOTHING, address });
      const peaks = await peaksOf(sound, SLICES).catch(() => null); // sound that only the player understands
      if (!abort.signal.aborted) setRecording({ address, peaks, problem: null });
    };
    load().catch((error: unknown) => {
      if (!abort.signal.aborted) setRecording({ ...NOTHING, problem: asProblem(error) });
    });
    return () => {
      abort.abort();
      if (address) URL.revokeObjectURL(address);
    };
  }, [id, exists, long, attempt]);
  return recording;
}

async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const problem = asProblem(error);
      if (!problem.passes || tries === TRIES) throw error;
      const seconds = Math.min(problem.retryAfter ?? WAIT_SECONDS, 10);
      await new Promise((resolve) => window.setTimeout(resolve, seconds * 1000));
    }
  }
}
