import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { shellRoute } from "./root";
import { oneOf, text } from "./search";

const platformsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/platforms",
  component: lazyRouteComponent(() => import("@/features/platforms/PlatformsPage"), "PlatformsPage"),
});

const voicesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/voices",
  validateSearch: (search) => ({
    ...oneOf(search, "platform", ["ultravox", "elevenlabs"] as const),
    ...text(search, "search"),
    ...text(search, "language"),
    ...oneOf(search, "gender", ["female", "male", "neutral"] as const),
    ...text(search, "style"),
  }),
  component: lazyRouteComponent(() => import("@/features/voices/VoicesPage"), "VoicesPage"),
});

export const placeRoutes = [platformsRoute, voicesRoute] as const;
