import { queryOptions } from "@tanstack/react-query";
import { api, body, type Schema } from "@/lib/api";

/** What runs, what is off and why. A server that is down answers 503 with the same body, which is an error here. */
export const healthQuery = queryOptions({
  queryKey: ["health"],
  queryFn: ({ signal }) => body(api.GET("/health/detailed", { signal })),
  refetchInterval: 5_000, // a provider's health is no event
  retry: false,
});

export type Provider = Schema<"ProviderHealthOut">;
export type ProviderState = Provider["state"] | "sandboxed";

/** How a provider is to be shown: one that answers from the sandbox is not live. */
export function providerState(provider: Provider): ProviderState {
  return provider.state === "ok" && provider.sandboxed ? "sandboxed" : provider.state;
}
