import createClient from "openapi-fetch";
import type { components, paths } from "@/generated/api";
import { asProblem, problemOf } from "./problem";
import { GIVEN_UP, noteRequest } from "./requests";

/** A body of the API by its name in the OpenAPI document: `Schema<"AgentView">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

let csrfToken: string | null = null;

/** Remember what unsafe requests must carry; told by `GET /api/v1/me` and by signing in. */
export function rememberCsrf(token: string | null): void {
  csrfToken = token;
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/** `fetch` with the session's CSRF token. Throws a Problem for every error status and when no answer comes. */
export async function send(request: Request | string, init?: RequestInit): Promise<Response> {
  const wanted = new Request(request, { credentials: "same-origin", ...init });
  if (!SAFE.has(wanted.method) && csrfToken) wanted.headers.set("X-CSRF-Token", csrfToken);
  const answered = noteRequest(wanted);
  const response = await fetch(wanted).catch((thrown: unknown) => {
    const isGivenUp = thrown instanceof DOMException && thrown.name === "AbortError";
    answered(isGivenUp ? GIVEN_UP : 0);
    if (isGivenUp) throw thrown;
    throw asProblem(thrown);
  });
  answered(response.status);
  if (!response.ok && response.status !== 304) throw await problemOf(response);
  return response;
}

/** The typed client. Its calls throw Problems; read answers with `body` or `page`. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request) => send(request),
});

/** The JSON of an answer. */
export async function body<T>(asked: Promise<{ data?: T; response: Response }>): Promise<T> {
  const { data } = await asked;
  return data as T;
}

/** One page of a list. */
export interface Page<T> {
  items: T[];
  /** The cursor of the next page. */
  next: string | null;
  /** How many there are in all, where the server counts. */
  total: number | null;
}

/** One page of a list, with what its headers tell. */
export async function page<T>(asked: Promise<{ data?: T[]; response: Response }>): Promise<Page<T>> {
  const { data, response } = await asked;
  const total = response.headers.get("X-Total-Count");
  return {
    items: data ?? [],
    next: nextCursor(response.headers.get("Link")),
    total: total === null ? null : Number(total),
  };
}

/** The `cursor` of the `rel="next"` link of a Link header (RFC 8288). */
export function nextCursor(link: string | null): string | null {
  const target = link?.match(/<([^>]*)>\s*;[^,]*rel="?next"?/)?.[1];
  return target ? new URL(target, "http://any").searchParams.get("cursor") : null;
}

/** A fresh `Idempotency-Key`. Make one per intent, so that sending the same intent twice spends once. */
export function newIntent(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
