import { queryOptions, useQuery } from "@tanstack/react-query";
import { rememberCsrf, send, sendJson } from "@/lib/api";

/** Who is signed in. */
export interface Me {
  kind?: "key" | "user";
  user: { id: string; username: string; name: string; role: Role } | null;
  name: string;
  scopes: string[];
  csrf_token: string | null;
}

export type Role = "viewer" | "operator" | "admin";

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }): Promise<Me> => {
    const me = (await (await send("/api/v1/me", { signal })).json()) as Me;
    rememberCsrf(me.csrf_token);
    return me;
  },
  staleTime: 60_000,
  retry: false,
});

/** May the signed-in user do this? False until it is known. */
export function useMay(scope: string): boolean {
  const { data } = useQuery(meQuery);
  return data !== undefined && (data.scopes.includes(scope) || data.scopes.includes("admin"));
}

interface Session {
  csrf_token: string;
}

async function opened(asked: Promise<Response>): Promise<void> {
  rememberCsrf(((await (await asked).json()) as Session).csrf_token);
}

/** Raises a Problem: 401 for a wrong name or password, 429 after too many tries. */
export function signIn(username: string, password: string): Promise<void> {
  return opened(sendJson("POST", "/api/v1/session", { username, password }));
}

/** Use up a one-time link. Raises a Problem when it is used, old or wrong. */
export function signInByLink(token: string): Promise<void> {
  return opened(sendJson("POST", "/api/v1/session/link", { token }));
}

export async function setPassword(order: {
  username?: string;
  new_password: string;
  current_password?: string;
}): Promise<void> {
  await sendJson("POST", "/api/v1/me/password", order);
}

export async function signOut(): Promise<void> {
  await sendJson("DELETE", "/api/v1/session");
}
