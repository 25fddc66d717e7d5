import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, body, rememberCsrf, type Schema } from "@/lib/api";
import { Problem } from "@/lib/problem";

export type Me = Schema<"Me">;

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: async ({ signal }): Promise<Me> => {
    const me = await body(api.GET("/api/v1/session", { signal }));
    if (!me)
      throw new Problem({ status: 401, code: "not-signed-in", title: "Not signed in", detail: "Sign in." });
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

/** Raises a Problem: 401 for a wrong name or password, 429 after too many tries. */
export async function signIn(username: string, password: string): Promise<void> {
  rememberCsrf((await body(api.POST("/api/v1/session", { body: { username, password } }))).csrf_token);
}

/** Use up a one-time link. Raises a Problem when it is used, old or wrong. */
export async function signInByLink(token: string): Promise<void> {
  rememberCsrf((await body(api.POST("/api/v1/session/link", { body: { token } }))).csrf_token);
}

/** The first name and password after a one-time link, or a new password for the current one. */
export async function setPassword(order: Schema<"ChangePassword">): Promise<void> {
  rememberCsrf((await body(api.POST("/api/v1/me/password", { body: order }))).csrf_token);
}

export async function signOut(): Promise<void> {
  await api.DELETE("/api/v1/session");
  rememberCsrf(null);
}

export type OwnSession = Schema<"OwnSession">;

/** The browsers in which the user is signed in. */
export const sessionsQuery = queryOptions({
  queryKey: ["me", "sessions"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/me/sessions", { signal })),
});

export async function endSession(sessionId: string): Promise<void> {
  await api.DELETE("/api/v1/me/sessions/{session_id}", { params: { path: { session_id: sessionId } } });
}
