import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, body, page, type Schema } from "@/lib/api";

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
export function agentsFound(search: string) {
  const query = { search: search.trim() || undefined, sort: "-updated_at" as const, limit: 20 };
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
export type Loss = Schema<"LossView">;
export type BulkAction = Schema<"BulkOrder">["action"];

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
