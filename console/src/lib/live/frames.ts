/** One frame of server-sent events; a frame without data only moves the position. */
export interface Frame {
  id: string | null;
  data: string;
}

/** Cuts a stream of text, arriving in any pieces, into frames. Comments are dropped. */
export class FrameReader {
  private rest = "";

  feed(text: string): Frame[] {
    const parts = (this.rest + text).split("\n\n");
    this.rest = parts.pop() ?? "";
    return parts.map(parse).filter((frame) => frame.id !== null || frame.data !== "");
  }
}

function parse(block: string): Frame {
  let id: string | null = null;
  const data: string[] = [];
  for (const line of block.split("\n")) {
    const colon = line.indexOf(":");
    const value = line.slice(colon + 1).replace(/^ /, "");
    if (line.startsWith("id:")) id = value;
    else if (line.startsWith("data:")) data.push(value);
  }
  return { id, data: data.join("\n") };
}
