import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, body, page, type Schema } from "@/lib/api";

export type User = Schema<"UserView">;
export type Role = Schema<"Role">;
export type Link = Schema<"LinkView">;
export type Deed = Schema<"Deed">;

export const ROLES: readonly Role[] = ["viewer", "operator", "admin"];

const at = (userId: string) => ({ path: { user_id: userId } });

/** Everybody, or those whose names hold a text, page by page. */
export function usersQuery(search: string) {
  return infiniteQueryOptions({
    queryKey: ["users", search],
    queryFn: ({ pageParam, signal }) => {
      const query = { q: search || null, limit: 100, cursor: pageParam };
      return page(api.GET("/api/v1/users", { params: { query }, signal }));
    },
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
    placeholderData: (before) => before,
  });
}

/** Without a password the answer carries a one-time link. Raises a Problem when the name is taken. */
export function createUser(order: Schema<"CreateUser">): Promise<Schema<"CreatedUser">> {
  return body(api.POST("/api/v1/users", { body: order }));
}

/** Raises a Problem when the last admin would go. */
export function changeUser(userId: string, part: Schema<"ChangeUser">): Promise<User> {
  return body(api.PATCH("/api/v1/users/{user_id}", { params: at(userId), body: part }));
}

export async function deleteUser(userId: string): Promise<void> {
  await api.DELETE("/api/v1/users/{user_id}", { params: at(userId) });
}

/** A link with which the person chooses a new password; older ones stop working. */
export function makeLink(userId: string): Promise<Link> {
  return body(api.POST("/api/v1/users/{user_id}/link", { params: at(userId) }));
}

/** Who did what, newest first. */
export const auditQuery = infiniteQueryOptions({
  queryKey: ["audit"],
  queryFn: ({ pageParam, signal }) =>
    page(api.GET("/api/v1/audit", { params: { query: { limit: 100, cursor: pageParam } }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next,
});
