/** The most audio that may wait for a slow network; what comes on top is dropped, as a telephone would. */
const MOST_WAITING_BYTES = 128_000;

export interface Socket {
  send(message: object): void;
  sendAudio(pcm: ArrayBuffer): void;
  close(): void;
}

interface SocketListener {
  onOpen?: () => void;
  onMessage: (message: Record<string, unknown> & { type: string }) => void;
  onAudio: (pcm: Int16Array) => void;
  /** Called once, unless we closed it. `opened`: whether it ever stood. */
  onClosed: (closed: { code: number; reason: string; opened: boolean }) => void;
}

/** A WebSocket of our API: JSON with a `type`, and binary s16le mono 16 kHz audio, both ways. */
export function openSocket(path: string, listener: SocketListener): Socket {
  const address = new URL(path, window.location.href);
  address.protocol = address.protocol.replace("http", "ws");
  const socket = new WebSocket(address);
  socket.binaryType = "arraybuffer";
  let opened = false;
  let closing = false;
  socket.addEventListener("open", () => {
    opened = true;
    if (closing) return;
    listener.onOpen?.();
  });
  socket.addEventListener("message", ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (closing) return;
    if (typeof data === "string") listener.onMessage(JSON.parse(data));
    else listener.onAudio(new Int16Array(data, 0, data.byteLength >> 1));
  });
  socket.addEventListener("close", ({ code, reason }) => {
    if (!closing) listener.onClosed({ code, reason, opened });
  });
  const isOpen = () => socket.readyState === WebSocket.OPEN;
  return {
    send(message) {
      if (isOpen()) socket.send(JSON.stringify(message));
    },
    sendAudio(pcm) {
      if (isOpen() && socket.bufferedAmount < MOST_WAITING_BYTES) socket.send(pcm);
    },
    close() {
      closing = true;
      if (socket.readyState !== WebSocket.CONNECTING) socket.close();
      else socket.addEventListener("open", () => socket.close()); // browsers warn of one that is cut short
    },
  };
}
