import type { Turn } from "@/queries/calls";

/** The loudest sample of each slice of time, 0 to 1, one row per channel. */
export type Peaks = Float32Array[];

const RATE = 8000; // decoding at a low rate keeps an hour in 230 MB instead of 1.4 GB
const SAMPLES_PER_SLICE = 512;

/** Decode a recording and measure it. Rejects for sound that the browser cannot decode. */
export async function peaksOf(sound: Blob, slices: number): Promise<Peaks> {
  const context = new OfflineAudioContext(1, 1, RATE);
  const decoded = await context.decodeAudioData(await sound.arrayBuffer());
  return Array.from({ length: decoded.numberOfChannels }, (_, channel) =>
    measured(decoded.getChannelData(channel), slices),
  );
}

export function measured(samples: Float32Array, slices: number): Float32Array {
  const found = new Float32Array(slices);
  const width = samples.length / slices;
  const step = Math.max(1, Math.floor(width / SAMPLES_PER_SLICE));
  for (let slice = 0; slice < slices; slice++) {
    const end = Math.min(samples.length, Math.ceil((slice + 1) * width));
    let loudest = 0;
    for (let at = Math.floor(slice * width); at < end; at += step) {
      const value = Math.abs(samples[at] ?? 0);
      if (value > loudest) loudest = value;
    }
    found[slice] = loudest;
  }
  return found;
}

/** Which of two channels carries the agent: the one that is louder when the agent's turns begin. */
export function agentChannel(peaks: Peaks, turns: readonly Turn[], seconds: number): 0 | 1 {
  const [left, right] = peaks;
  if (!left || !right || seconds <= 0) return 1;
  let balance = 0;
  for (const { role, at_seconds } of turns) {
    const sign = role === "agent" ? 1 : role === "callee" ? -1 : 0;
    const from = Math.floor((at_seconds / seconds) * left.length);
    const until = Math.ceil(((at_seconds + 1.5) / seconds) * left.length);
    for (let slice = from; slice < until && sign; slice++) {
      balance += sign * ((right[slice] ?? 0) - (left[slice] ?? 0));
    }
  }
  return balance < 0 ? 0 : 1;
}
