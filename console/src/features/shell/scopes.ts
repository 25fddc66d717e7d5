import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/queries/me";

/** Tells of each scope whether the signed-in user holds it. */
export function useScopes(): (scope: string) => boolean {
  const { data } = useQuery(meQuery);
  const scopes = new Set(data?.scopes);
  return (scope) => scopes.has(scope) || scopes.has("admin");
}
