/** A failed request, in the words of the API's problem+json (RFC 9457). */
export class Problem extends Error {
  readonly status: number;
  /** Stable, such as `agent-changed`; `unreachable` when no answer came. */
  readonly code: string;
  readonly title: string;
  readonly fields: readonly FieldProblem[];
  readonly requestId: string | null;
  /** The agent that it is about, such as one that was kept as a draft. */
  readonly agentId: string | null;
  /** Seconds, when the server says so. */
  readonly retryAfter: number | null;

  constructor(told: ProblemParts) {
    super(told.detail);
    this.status = told.status;
    this.code = told.code;
    this.title = told.title;
    this.fields = told.fields ?? [];
    this.requestId = told.requestId ?? null;
    this.agentId = told.agentId ?? null;
    this.retryAfter = told.retryAfter ?? null;
  }

  /** Is it worth asking again without changing anything? */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }
}

export interface FieldProblem {
  /** Dotted path, such as `tools.0.url`. */
  field: string;
  message: string;
}

interface ProblemParts {
  status: number;
  code: string;
  title: string;
  detail: string;
  fields?: readonly FieldProblem[] | undefined;
  requestId?: string | null | undefined;
  agentId?: string | null | undefined;
  retryAfter?: number | null | undefined;
}

interface ProblemBody {
  code?: string;
  title?: string;
  detail?: string;
  errors?: FieldProblem[] | null;
  request_id?: string | null;
  agent_id?: string | null;
}

/** The problem that an answer with an error status tells; never throws. */
export async function problemOf(response: Response): Promise<Problem> {
  const body: ProblemBody = await response
    .clone()
    .json()
    .catch(() => ({}));
  const title = body.title ?? (response.statusText || `HTTP ${response.status}`);
  const wait = Number.parseFloat(response.headers.get("Retry-After") ?? "");
  return new Problem({
    status: response.status,
    code: body.code ?? `http-${response.status}`,
    title,
    detail: body.detail ?? title,
    fields: body.errors ?? [],
    requestId: body.request_id ?? response.headers.get("X-Request-ID"),
    agentId: body.agent_id,
    retryAfter: Number.isFinite(wait) ? wait : null,
  });
}

/** What went wrong as a Problem, whatever was thrown. */
export function asProblem(thrown: unknown): Problem {
  if (thrown instanceof Problem) return thrown;
  const detail = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof TypeError && /fetch|network|load failed/i.test(detail)) return unreachable();
  return new Problem({ status: -1, code: "page-fault", title: "Error", detail });
}

export function unreachable(): Problem {
  return new Problem({
    status: 0,
    code: "unreachable",
    title: "Unreachable",
    detail: "The server does not answer.",
  });
}
