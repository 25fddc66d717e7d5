import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "./root";
import { oneOf } from "./search";

const SETTINGS_TABS = ["appearance", "account", "audit"] as const;

const settingsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/settings",
  validateSearch: (search) => oneOf(search, "tab", SETTINGS_TABS),
  component: lazyRouteComponent(() => import("@/features/settings/SettingsPage"), "SettingsPage"),
});

const usersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/users",
  component: lazyRouteComponent(() => import("@/features/users/UsersPage"), "UsersPage"),
});

const DEVELOPER_TABS = ["keys", "requests"] as const;

const developersRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/developers",
  validateSearch: (search) => oneOf(search, "tab", DEVELOPER_TABS),
  component: lazyRouteComponent(() => import("@/features/developers/DevelopersPage"), "DevelopersPage"),
});

export const adminRoutes = [settingsRoute, usersRoute, developersRoute] as const;
