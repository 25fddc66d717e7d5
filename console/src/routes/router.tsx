import type { QueryClient } from "@tanstack/react-query";
import { createRouter } from "@tanstack/react-router";
import { adminRoutes } from "./admin";
import { agentRoutes } from "./agents";
import { callRoutes } from "./calls";
import { homeRoute } from "./home";
import { placeRoutes } from "./places";
import { nowhereRoute, rootRoute, shellRoute } from "./root";
import { signInRoute } from "./signIn";

const routeTree = rootRoute.addChildren([
  signInRoute,
  shellRoute.addChildren([
    homeRoute,
    ...adminRoutes,
    ...agentRoutes,
    ...callRoutes,
    ...placeRoutes,
    nowhereRoute,
  ]),
]);

export function createConsoleRouter(client: QueryClient) {
  return createRouter({
    routeTree,
    context: { client },
    defaultPreload: "intent",
    defaultPreloadStaleTime: 0,
    scrollRestoration: true,
    scrollToTopSelectors: ["#main"],
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
