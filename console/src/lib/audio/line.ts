import workletUrl from "./worklet?worker&url";

interface LineListener {
  /** A piece of the microphone: s16le mono 16 kHz. */
  onPcm: (pcm: ArrayBuffer) => void;
  /** How loud what is played is, 0 to 1, some twenty times a second. */
  onLoudness?: (peak: number) => void;
}

/** Why the microphone cannot be used; `soundless`: nothing can be played either. */
export type MicrophoneTrouble = "insecure" | "refused" | "missing" | "soundless";

class NoSound extends Error {
  constructor(readonly trouble: MicrophoneTrouble) {
    super(trouble);
  }
}

/** The trouble that a line's `open` or `listen` told of. */
export function troubleOf(thrown: unknown): MicrophoneTrouble {
  return thrown instanceof NoSound ? thrown.trouble : "missing";
}

/** Loudspeaker and, when it is wanted, microphone of a conversation. Open it in a click: browsers demand one. */
export class AudioLine {
  private stream: MediaStream | null = null;
  private source: MediaStreamAudioSourceNode | null = null;

  private constructor(
    private readonly context: AudioContext,
    private readonly playback: AudioWorkletNode,
    private readonly listener: LineListener,
  ) {}

  /** Raises: `troubleOf` tells what. */
  static async open(listener: LineListener): Promise<AudioLine> {
    if (!window.isSecureContext) throw new NoSound("insecure"); // there is no audio thread then
    const context = new AudioContext({ latencyHint: "interactive" });
    try {
      return await AudioLine.on(context, listener);
    } catch {
      await context.close();
      throw new NoSound("soundless");
    }
  }

  private static async on(context: AudioContext, listener: LineListener): Promise<AudioLine> {
    await context.audioWorklet.addModule(workletUrl);
    const playback = new AudioWorkletNode(context, "playback", { numberOfInputs: 0 });
    playback.port.onmessage = ({ data }: MessageEvent<number>) => listener.onLoudness?.(data);
    playback.connect(context.destination);
    await context.resume();
    return new AudioLine(context, playback, listener);
  }

  /** Is the microphone on? */
  get listens(): boolean {
    return this.stream !== null;
  }

  /** Switch the microphone on. Raises: `troubleOf` tells what. */
  async listen(): Promise<void> {
    if (this.stream) return;
    if (!navigator.mediaDevices) throw new NoSound("insecure");
    const wanted = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: wanted }).catch((thrown: unknown) => {
      const refused = thrown instanceof DOMException && thrown.name === "NotAllowedError";
      throw new NoSound(refused ? "refused" : "missing");
    });
    this.source = this.context.createMediaStreamSource(this.stream);
    const capture = new AudioWorkletNode(this.context, "capture", { numberOfOutputs: 0 });
    capture.port.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
      if (this.stream) this.listener.onPcm(data);
    };
    this.source.connect(capture);
  }

  /** Switch the microphone off. */
  mute(): void {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.source?.disconnect();
    this.stream = null;
    this.source = null;
  }

  play(pcm: Int16Array): void {
    this.playback.port.postMessage(pcm);
  }

  /** Forget what was not played yet. */
  interrupt(): void {
    this.playback.port.postMessage(new Int16Array(0));
  }

  async close(): Promise<void> {
    this.mute();
    if (this.context.state !== "closed") await this.context.close();
  }
}
