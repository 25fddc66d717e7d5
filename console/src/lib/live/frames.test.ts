import { expect, test } from "vitest";
import { FrameReader } from "./frames";

test("frames come whole, however the stream is cut", () => {
  const text = 'retry: 1000\nid: 4\n\n: still here\n\nid: 5\nevent: call.turn\ndata: {"a":1}\n\n';
  for (const size of [1, 3, 7, text.length]) {
    const reader = new FrameReader();
    const found = [];
    for (let at = 0; at < text.length; at += size) found.push(...reader.feed(text.slice(at, at + size)));
    expect(found).toEqual([
      { id: "4", data: "" },
      { id: "5", data: '{"a":1}' },
    ]);
  }
});
