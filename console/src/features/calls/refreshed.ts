import type { Page } from "@/lib/api";
import type { Call } from "@/queries/calls";

/** The loaded pages with the newest page fetched anew: nothing is repeated, lost, or fetched that did not change. */
export function refreshed(pages: readonly Page<Call>[], fresh: Page<Call>): Page<Call>[] {
  const [first, ...rest] = pages;
  const oldest = fresh.items.at(-1);
  if (!first || !oldest || fresh.next === null) return [fresh];
  const known = new Set(pages.flatMap(({ items }) => items.map(({ id }) => id)));
  if (!fresh.items.some(({ id }) => known.has(id))) return [fresh]; // more came than fit a page: what lies between is unknown
  const older = (call: Call) => compare(call, oldest) < 0;
  return [
    { items: [...fresh.items, ...first.items.filter(older)], next: first.next, total: fresh.total },
    ...rest.map((page) => ({ ...page, items: page.items.filter(older) })),
  ];
}

/** The pages with one call as it is now. */
export function replaced(pages: readonly Page<Call>[], call: Call): Page<Call>[] {
  return pages.map((page) => ({
    ...page,
    items: page.items.map((known) => (known.id === call.id ? call : known)),
  }));
}

function compare(one: Call, other: Call): number {
  const byTime = Date.parse(one.created_at) - Date.parse(other.created_at);
  return byTime || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
}
