import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { Problem } from "@/lib/problem";
import { createStore } from "@/lib/stored";

/** Set when the server no longer knows our session; the shell then leads to the sign-in page. */
export const signedOut = createStore(false);

function noticed(error: Error): void {
  if (error instanceof Problem && error.status === 401) signedOut.set(true);
}

export function createQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: noticed }),
    mutationCache: new MutationCache({ onError: noticed }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnReconnect: true,
        retry: (failures, error) => failures < 2 && error instanceof Problem && error.passes,
        networkMode: "always",
      },
      mutations: { retry: false, networkMode: "always" },
    },
  });
}
