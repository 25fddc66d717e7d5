import { createRoute } from "@tanstack/react-router";
import { SignInPage } from "@/features/session/SignInPage";
import { rootRoute } from "./root";

interface SignInSearch {
  token?: string;
  next?: string;
  expired?: boolean;
}

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): SignInSearch => ({
    ...(typeof search.token === "string" ? { token: search.token } : {}),
    ...(isOurPath(search.next) ? { next: search.next } : {}),
    ...(search.expired === true ? { expired: true } : {}),
  }),
  component: function SignIn() {
    return <SignInPage {...signInRoute.useSearch()} />;
  },
});

/** A link may not lead a user elsewhere after signing in. */
function isOurPath(value: unknown): value is string {
  return typeof value === "string" && /^\/(?![/\\])/.test(value);
}
