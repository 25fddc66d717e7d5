let playing: HTMLAudioElement | null = null;

/** A sound that may play now: whatever else the page plays by this falls silent. */
export function takeTurn(address: string): HTMLAudioElement {
  playing?.pause();
  playing = new Audio(address);
  return playing;
}
