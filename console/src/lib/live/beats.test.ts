import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Refresher } from "./beats";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const METRICS = ["metrics"];

/** One piece of news every 100 ms, for so long. */
async function flow(refresher: Refresher, key: readonly string[], ms: number): Promise<void> {
  for (let at = 0; at < ms; at += 100) {
    refresher.note(key);
    await vi.advanceTimersByTimeAsync(100);
  }
}

test("the first news are shown at once, a flow of them every two seconds, and the last of all", async () => {
  const at: number[] = [];
  const begun = Date.now();
  const refresher = new Refresher(async () => at.push(Date.now() - begun));
  await flow(refresher, METRICS, 5000);
  expect(at).toEqual([250, 2250, 4250]);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(at).toEqual([250, 2250, 4250, 6250]);
});

test("a refresh that takes long is never cut off by the next one", async () => {
  let [running, most, ended] = [0, 0, 0];
  const refresher = new Refresher(async () => {
    running += 1;
    most = Math.max(most, running);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    running -= 1;
    ended += 1;
  });
  await flow(refresher, METRICS, 10_000);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(most).toBe(1);
  expect(ended).toBe(4);
});

test("keys keep their own time, and nothing runs after the end", async () => {
  const seen: string[] = [];
  const refresher = new Refresher(async ([name]) => seen.push(String(name)));
  await flow(refresher, ["agents"], 600);
  refresher.note(METRICS);
  await vi.advanceTimersByTimeAsync(250);
  expect(seen).toEqual(["agents", "agents", "metrics"]);
  refresher.note(METRICS);
  refresher.stop();
  refresher.note(["agents"]);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(seen).toHaveLength(3);
});
