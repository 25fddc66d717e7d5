import { expect, test } from "vitest";
import type { Page } from "@/lib/api";
import type { Call } from "@/queries/calls";
import { refreshed, replaced } from "./refreshed";

const call = (second: number, status = "completed") =>
  ({ id: `call_${second}`, created_at: new Date(second * 1000).toISOString(), status }) as Call;
const page = (seconds: number[], next: string | null, total: number | null = null): Page<Call> => ({
  items: seconds.map((second) => call(second)),
  next,
  total,
});
const ids = (pages: Page<Call>[]) => pages.map(({ items }) => items.map(({ id }) => Number(id.slice(5))));

test("new calls come on top and no row is lost or twice", () => {
  const pages = refreshed([page([5, 4, 3], "c"), page([2, 1], null)], page([7, 6, 5], "x", 7));
  expect(ids(pages)).toEqual([
    [7, 6, 5, 4, 3],
    [2, 1],
  ]);
  expect(pages[0]).toMatchObject({ next: "c", total: 7 });
});

test("a call that fits the filter no more goes", () => {
  expect(ids(refreshed([page([5, 4, 3], "c")], page([5, 3, 2], "x")))).toEqual([[5, 3, 2]]);
});

test("when all fit one page, that page is the list", () => {
  expect(ids(refreshed([page([3, 2], "c"), page([1], null)], page([4, 3], null)))).toEqual([[4, 3]]);
  expect(ids(refreshed([page([1], null)], page([], null)))).toEqual([[]]);
});

test("when more came than a page holds, the list begins anew", () => {
  expect(ids(refreshed([page([3, 2], "c"), page([1], null)], page([9, 8], "x")))).toEqual([[9, 8]]);
});

test("one call is replaced where it stands", () => {
  const pages = replaced([page([2], "c"), page([1], null)], call(1, "failed"));
  expect(pages[1]?.items[0]?.status).toBe("failed");
});
