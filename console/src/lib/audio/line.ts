import workletUrl from "./worklet?worker&url";

interface LineListener {
  /** A piece of the microphone: s16le mono 16 kHz. */
  onPcm: (pcm: ArrayBuffer) => void;
  /** How loud what is played is, 0 to 1, some twenty times a second. */
  onLoudness?: (peak: number) => void;
}

/** Why the microphone cannot be used. */
export type MicrophoneTrouble = "insecure" | "refused" | "missing";

export class NoMicrophone extends Error {
  constructor(readonly trouble: MicrophoneTrouble) {
    super(trouble);
  }
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

  static async open(listener: LineListener): Promise<AudioLine> {
    const context = new AudioContext({ latencyHint: "interactive" });
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

  /** Switch the microphone on. Raises: NoMicrophone. */
  async listen(): Promise<void> {
    if (this.stream) return;
    if (!navigator.mediaDevices) throw new NoMicrophone("insecure");
    const wanted = { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true };
    this.stream = await navigator.mediaDevices.getUserMedia({ audio: wanted }).catch((thrown: unknown) => {
      const refused = thrown instanceof DOMException && thrown.name === "NotAllowedError";
      throw new NoMicrophone(refused ? "refused" : "missing");
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
