import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { callQuery, FINAL_STATUSES, LIVE_STATUSES } from "@/queries/calls";
import { shellRoute } from "./root";
import { date, oneOf, severalOf, text } from "./search";

const PLATFORMS = ["ultravox", "elevenlabs"] as const;
const DIRECTIONS = ["outbound", "inbound", "browser"] as const;
const STATUSES = [...LIVE_STATUSES, ...FINAL_STATUSES] as const;

/** `status` holds several, separated by commas; `from` and `to` are days in the user's zone, both included. */
const listRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/calls",
  validateSearch: (search) => ({
    ...oneOf(search, "platform", PLATFORMS),
    ...text(search, "agent"),
    ...severalOf(search, "status", STATUSES),
    ...text(search, "reason"),
    ...oneOf(search, "direction", DIRECTIONS),
    ...date(search, "from"),
    ...date(search, "to"),
    ...text(search, "number"),
    ...text(search, "text"),
  }),
  component: lazyRouteComponent(() => import("@/features/calls/CallListPage"), "CallListPage"),
});

const TABS = ["transcript", "events", "records"] as const;

const oneRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/calls/$callId",
  validateSearch: (search) => oneOf(search, "tab", TABS),
  loader: ({ context, params }) => context.client.ensureQueryData(callQuery(params.callId)),
  component: lazyRouteComponent(() => import("@/features/calls/CallPage"), "CallPage"),
});

const liveRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: "/live",
  validateSearch: (search) => text(search, "call"),
  component: lazyRouteComponent(() => import("@/features/live/LivePage"), "LivePage"),
});

export const callRoutes = [listRoute, oneRoute, liveRoute] as const;
