import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { agentQuery } from "@/queries/agents";
import { shellRoute } from "./root";
import { oneOf, text } from "./search";

const PLATFORMS = ["ultravox", "elevenlabs"] as const;
const STATUSES = ["draft", "active", "inactive"] as const;
const SORTS = ["created_at", "-created_at", "updated_at", "-updated_at", "name", "-name"] as const;

const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/agents",
  validateSearch: (search) => ({
    ...text(search, "search"),
    ...oneOf(search, "platform", PLATFORMS),
    ...oneOf(search, "status", STATUSES),
    ...oneOf(search, "sort", SORTS),
  }),
  component: lazyRouteComponent(() => import("@/features/agents/AgentListPage"), "AgentListPage"),
});

const newRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/agents/new",
  validateSearch: (search) => oneOf(search, "platform", PLATFORMS),
  component: lazyRouteComponent(() => import("@/features/agents/NewAgentPage"), "NewAgentPage"),
});

const TABS = ["edit", "test", "versions", "platform"] as const;

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/agents/$agentId",
  validateSearch: (search) => oneOf(search, "tab", TABS),
  loader: ({ context, params }) => context.client.ensureQueryData(agentQuery(params.agentId)),
  component: lazyRouteComponent(() => import("@/features/agents/AgentPage"), "AgentPage"),
});

export const agentRoutes = [listRoute, newRoute, oneRoute] as const;
