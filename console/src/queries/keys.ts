import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, body, page, type Schema } from "@/lib/api";

export type Key = Schema<"KeyView">;
export type NewKey = Schema<"CreatedKey">;
export type Scope = Schema<"Scope">;

/** Every scope, in the order in which it is offered. */
export const SCOPES: readonly Scope[] = [
  "agents:read",
  "agents:write",
  "calls:read",
  "calls:write",
  "voices:read",
  "events:read",
  "metrics:read",
  "webhooks:write",
  "keys:write",
  "admin",
];

export const keysQuery = infiniteQueryOptions({
  queryKey: ["keys"],
  queryFn: ({ pageParam, signal }) =>
    page(api.GET("/api/v1/keys", { params: { query: { limit: 100, cursor: pageParam } }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
});

/** The answer carries the secret, once. Raises a Problem when the user does not hold a scope themselves. */
export function createKey(order: Schema<"CreateKey">): Promise<NewKey> {
  return body(api.POST("/api/v1/keys", { body: order }));
}

export async function revokeKey(keyId: string): Promise<void> {
  await api.DELETE("/api/v1/keys/{key_id}", { params: { path: { key_id: keyId } } });
}
