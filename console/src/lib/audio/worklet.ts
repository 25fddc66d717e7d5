/** Runs on the browser's audio thread: microphone → 16 kHz pieces, 16 kHz pieces → loudspeaker. */

declare const sampleRate: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

const RATE = 16_000;
const PIECE = 640; // 40 ms
const MOST_KEPT = RATE * 30;

/** Averages what the device delivers down to 16 kHz and posts it as s16 pieces. */
class Capture extends AudioWorkletProcessor {
  private piece = new Int16Array(PIECE);
  private filled = 0;
  private sum = 0;
  private count = 0;
  private phase = 0;

  process([input]: Float32Array[][]): boolean {
    for (const sample of input?.[0] ?? []) {
      this.sum += sample;
      this.count += 1;
      this.phase += RATE;
      if (this.phase < sampleRate) continue;
      this.phase -= sampleRate;
      this.put(this.sum / this.count);
      this.sum = 0;
      this.count = 0;
    }
    return true;
  }

  private put(sample: number): void {
    this.piece[this.filled++] = Math.max(-1, Math.min(1, sample)) * 32_767;
    if (this.filled < PIECE) return;
    this.port.postMessage(this.piece.buffer, [this.piece.buffer]);
    this.piece = new Int16Array(PIECE);
    this.filled = 0;
  }
}

/** Plays s16 pieces of 16 kHz as they come; an empty piece forgets what was not played yet. */
class Playback extends AudioWorkletProcessor {
  private waiting: Int16Array[] = [];
  private kept = 0;
  private place = 0;
  private last = 0;
  private peak = 0;
  private blocks = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<Int16Array>) => {
      if (data.length === 0 || this.kept > MOST_KEPT) {
        this.waiting = [];
        this.kept = 0;
        this.place = 0;
      }
      if (data.length > 0) {
        this.waiting.push(data);
        this.kept += data.length;
      }
    };
  }

  process(_: Float32Array[][], [output]: Float32Array[][]): boolean {
    const channel = output?.[0];
    if (!channel) return true;
    const step = RATE / sampleRate;
    for (let index = 0; index < channel.length; index++) {
      channel[index] = this.next(step);
      this.peak = Math.max(this.peak, Math.abs(channel[index] ?? 0));
    }
    if (++this.blocks >= 16) {
      this.port.postMessage(this.peak);
      this.peak = 0;
      this.blocks = 0;
    }
    return true;
  }

  private next(step: number): number {
    const piece = this.waiting[0];
    if (!piece) return 0;
    const whole = Math.floor(this.place);
    const here = (piece[whole] ?? 0) / 32_768;
    const before = whole > 0 ? (piece[whole - 1] ?? 0) / 32_768 : this.last;
    const value = before + (here - before) * (this.place - whole);
    this.place += step;
    if (this.place >= piece.length) {
      this.place -= piece.length;
      this.last = (piece[piece.length - 1] ?? 0) / 32_768;
      this.kept -= piece.length;
      this.waiting.shift();
    }
    return value;
  }
}

registerProcessor("capture", Capture);
registerProcessor("playback", Playback);
