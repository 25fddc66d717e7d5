import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body, page, type Schema } from "@/lib/api";
import { Problem } from "@/lib/problem";

export type Agent = Schema<"OneAgentView">;
export type AgentLine = Schema<"AgentView">;

export interface AgentFilter {
  platform?: string | undefined;
  status?: "draft" | "active" | "inactive" | undefined;
  search?: string | undefined;
  tag?: string | undefined;
  sort?: AgentSort | undefined;
}

export type AgentSort = "created_at" | "-created_at" | "updated_at" | "-updated_at" | "name" | "-name";

/** All agents that fit, page by page. */
export function agentsQuery(filter: AgentFilter) {
  return infiniteQueryOptions({
    queryKey: ["agents", "list", filter],
    queryFn: ({ pageParam, signal }) => {
      const query = { ...filter, limit: 100, cursor: pageParam };
      return page(api.GET("/api/v1/agents", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

/** The first few agents by a part of their name, for pickers. */
export function agentsFound(search: string, platform?: AgentFilter["platform"]) {
  const query = { search: search.trim() || undefined, platform, sort: "-updated_at" as const, limit: 20 };
  return queryOptions({
    queryKey: ["agents", "found", query],
    queryFn: async ({ signal }) =>
      (await page(api.GET("/api/v1/agents", { params: { query }, signal }))).items,
    placeholderData: (before) => before,
  });
}

export function agentQuery(agentId: string) {
  return queryOptions({
    queryKey: ["agents", "one", agentId],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/agents/{agent_id}", { params: { path: { agent_id: agentId } }, signal }),
      ) as Promise<Agent>,
  });
}

/** How an agent stands to its platform, asked now. */
export function driftQuery(agentId: string) {
  return queryOptions({
    queryKey: ["agents", "drift", agentId],
    queryFn: ({ signal }) =>
      body(api.GET("/api/v1/agents/{agent_id}/drift", { params: { path: { agent_id: agentId } }, signal })),
  });
}

export type AgentFields = Schema<"AgentIn">;
export type AgentPatch = Schema<"AgentPatch">;
export type BulkAction = Schema<"BulkOrder">["action"];

/** Was the platform out of reach, so that what was sent waits here to be published? */
export function isKeptAsDraft(error: unknown): error is Problem {
  return error instanceof Problem && error.code === "kept-as-draft";
}

const versioned = (version: number) => ({ "if-match": `"${version}"` });
const at = (agentId: string) => ({ path: { agent_id: agentId } });

export function createAgent(wanted: AgentFields): Promise<Agent> {
  return body(api.POST("/api/v1/agents", { body: wanted }));
}

/** Raises a Problem `agent-changed` (412) when the agent has another version by now. */
export function changeAgent(agentId: string, version: number, patch: AgentPatch): Promise<Agent> {
  const params = { ...at(agentId), header: versioned(version) };
  return body(api.PATCH("/api/v1/agents/{agent_id}", { params, body: patch }));
}

export async function deleteAgent(agentId: string, force: boolean): Promise<void> {
  await api.DELETE("/api/v1/agents/{agent_id}", { params: { ...at(agentId), query: { force } } });
}

export function duplicateAgent(agentId: string): Promise<Agent> {
  return body(api.POST("/api/v1/agents/{agent_id}/duplicate", { params: at(agentId), body: {} }));
}

export function doToAgents(ids: string[], action: BulkAction, force = false) {
  return body(api.POST("/api/v1/agents/bulk", { body: { ids, action, tags: [], force } }));
}

/** Bring in agents that were made at the platforms themselves. */
export function startImport() {
  return body(api.POST("/api/v1/agents/import", { body: {} }));
}

export function importQuery(importId: string | null) {
  return queryOptions({
    queryKey: ["agents", "import", importId],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/agents/imports/{import_id}", {
          params: { path: { import_id: importId ?? "" } },
          signal,
        }),
      ),
    enabled: importId !== null,
    refetchInterval: (query) => (query.state.data?.status === "running" ? 1000 : false),
  });
}

export function versionsQuery(agentId: string) {
  return infiniteQueryOptions({
    queryKey: ["agents", "versions", agentId],
    queryFn: ({ pageParam, signal }) => {
      const params = { ...at(agentId), query: { limit: 50, cursor: pageParam } };
      return page(api.GET("/api/v1/agents/{agent_id}/versions", { params, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
}

export type Difference = Schema<"DifferenceView">;

/** What differs between a version and another one, or the agent as it is (`to` null). */
export function differencesQuery(agentId: string, version: number, to: number | null) {
  return queryOptions({
    queryKey: ["agents", "differences", agentId, version, to],
    queryFn: ({ signal }) =>
      body(
        api.GET("/api/v1/agents/{agent_id}/versions/{version}/diff", {
          params: { path: { agent_id: agentId, version }, query: to === null ? {} : { to } },
          signal,
        }),
      ),
  });
}

/** Raises a Problem `agent-changed` (412) when the agent has another version by now. */
export function restoreVersion(agentId: string, version: number, current: number): Promise<Agent> {
  const params = { path: { agent_id: agentId, version }, header: versioned(current) };
  return body(api.POST("/api/v1/agents/{agent_id}/versions/{version}/restore", { params }));
}

export interface CopyOrder {
  to: string;
  name?: string;
  voice?: string;
  twin?: boolean;
}

/** What a copy to another platform would lose, and the voice that comes closest. */
export function copyPlanQuery(agentId: string, to: string, voice: string | null) {
  return queryOptions({
    queryKey: ["agents", "copy", agentId, to, voice],
    queryFn: ({ signal }) =>
      body(
        api.POST("/api/v1/agents/{agent_id}/copy", {
          params: { ...at(agentId), query: { to, dry_run: true } },
          body: voice ? { voice } : {},
          signal,
        }),
      ),
  });
}

export function copyAgent(agentId: string, { to, name, voice, twin }: CopyOrder) {
  const params = { ...at(agentId), query: { to, twin: twin ?? false } };
  const order = { ...(name ? { name } : {}), ...(voice ? { voice } : {}) };
  return body(api.POST("/api/v1/agents/{agent_id}/copy", { params, body: order }));
}

/** Take over what the platform has; null when it was deleted there, and so here. */
export async function pullDrift(agentId: string): Promise<Agent | null> {
  const { data } = await api.POST("/api/v1/agents/{agent_id}/drift/pull", { params: at(agentId) });
  return data ?? null;
}

/** Let the platform have what stands here. */
export function pushDrift(agentId: string): Promise<Agent> {
  return body(api.POST("/api/v1/agents/{agent_id}/drift/push", { params: at(agentId) }));
}

/** Raises a Problem `kept-as-draft` when the platform is still out of reach. */
export function publishDraft(agentId: string, version: number): Promise<Agent> {
  const params = { ...at(agentId), header: versioned(version) };
  return body(api.POST("/api/v1/agents/{agent_id}/publish", { params }));
}

export function discardDraft(agentId: string): Promise<Agent> {
  return body(api.DELETE("/api/v1/agents/{agent_id}/draft", { params: at(agentId) }));
}
