import { queryOptions } from "@tanstack/react-query";
import { api, body, type Schema } from "@/lib/api";

export type PlatformReport = Schema<"PlatformOut">;

/** Every provider: how it does, what is left, and what it can do. */
export const platformsQuery = queryOptions({
  queryKey: ["platforms"],
  queryFn: ({ signal }) => body(api.GET("/api/v1/platforms", { signal })),
});
