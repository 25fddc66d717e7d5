import { createStore } from "./stored";

/** One request that this page made to the API. */
export interface RequestNote {
  id: number;
  at: number;
  method: string;
  /** With its query. */
  path: string;
  /** The JSON that was sent, its secrets left out. */
  body: string | null;
  /** Null while it is under way, 0 when no answer came, `GIVEN_UP` when the page no longer wanted one. */
  status: number | null;
  ms: number | null;
}

/** The status of a request that the page itself took back. */
export const GIVEN_UP = -1;

const KEPT = 200;
const SECRET = /password|secret|token/i;
let last = 0;

/** What the page asked of the API since it was loaded, the newest first. Kept in memory only. */
export const requestLog = createStore<readonly RequestNote[]>([]);

/** Note a request; call what comes back with the status of its answer. */
export function noteRequest(request: Request): (status: number) => void {
  const { pathname, search } = new URL(request.url);
  if (!pathname.startsWith("/api/")) return () => {};
  last += 1;
  const id = last;
  const begun = performance.now();
  const note = { id, at: Date.now(), method: request.method, path: pathname + search };
  requestLog.set([{ ...note, body: null, status: null, ms: null }, ...requestLog.get().slice(0, KEPT - 1)]);
  if (request.headers.get("Content-Type")?.includes("json")) {
    void request
      .clone()
      .text()
      .then((text) => change(id, { body: withoutSecrets(text) }));
  }
  return (status) => change(id, { status, ms: Math.round(performance.now() - begun) });
}

function change(id: number, part: Partial<RequestNote>): void {
  requestLog.set(requestLog.get().map((note) => (note.id === id ? { ...note, ...part } : note)));
}

/** A JSON text whose passwords, secrets and tokens are replaced. */
export function withoutSecrets(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), (key, value: unknown) => {
      if (SECRET.test(key) && typeof value === "string") return "…";
      return key === "headers" && Array.isArray(value) ? value.map(hidden) : value;
    });
  } catch {
    return "…"; // what cannot be read cannot be cleared of secrets
  }
}

/** A header of a tool, whose value is most often a key. */
function hidden(header: unknown): unknown {
  return typeof header === "object" && header !== null && "value" in header
    ? { ...header, value: "…" }
    : header;
}

/** The same request for a shell. The key is a placeholder: this page's own session never leaves the browser. */
export function curlOf({ method, path, body }: RequestNote, origin: string): string {
  const parts = [
    "curl",
    ...(method === "GET" ? [] : ["-X", method]),
    quoted(origin + path),
    `-H "X-API-Key: $SWITCHBOARD_API_KEY"`,
    ...(body === null ? [] : [`-H 'Content-Type: application/json' -d ${quoted(body)}`]),
  ];
  return parts.join(" ");
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
