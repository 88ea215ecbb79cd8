import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, EVERYTHING, listParams, type Shape } from "@/api/client";

export type Role = Shape<"UserRole">;
export type Permission = Shape<"PermissionDescription"> & { Name: string };

export const rolePageQuery = ({ q, page }: { q: string; page: number }) =>
  queryOptions({
    queryKey: ["roles", "page", q, page],
    queryFn: () => answer(api.GET("/api/userroles", { params: { query: listParams({ q, page }) } })),
    placeholderData: keepPreviousData,
  });

export const roleQuery = (id: string) =>
  queryOptions({
    queryKey: ["roles", "one", id],
    queryFn: () => answer(api.GET("/api/userroles/{id}", { params: { path: { id } } })),
  });

export const rolesByIdsQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ["roles", "ids", [...ids].sort()],
    queryFn: async () => {
      const query = { ids: [...new Set(ids)].join(","), take: String(ids.length) };
      return (await answer(api.GET("/api/userroles", { params: { query } }))).Items;
    },
    enabled: ids.length > 0,
  });

/** The whole vocabulary, in the order of the server. */
export const permissionsQuery = queryOptions({
  queryKey: ["permissions"],
  queryFn: async (): Promise<Permission[]> => {
    const all = await answer(api.GET("/api/permissions/all"));
    return Object.entries(all).map(([Name, one]) => ({ Name, ...one }));
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** Every role that any team holds, as far as one may see the teams. */
export const heldRolesQuery = queryOptions({
  queryKey: ["scoped-roles"],
  queryFn: async () => (await answer(api.GET("/api/scopeduserroles", { params: { query: EVERYTHING } }))).Items,
});

export type GivenRole = Pick<Role, "Name" | "Description" | "GrantedSpacePermissions" | "GrantedSystemPermissions">;

export function useSaveRole(before: Role | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: GivenRole) => {
      const sent = body<Role>({ ...before, ...given });
      if (before === null) return answer(api.POST("/api/userroles", { body: sent }));
      return answer(api.PUT("/api/userroles/{id}", { params: { path: { id: before.Id } }, body: sent }));
    },
    onSuccess: () =>
      Promise.all(["roles", "rights", "refusal", "things"].map((key) => client.invalidateQueries({ queryKey: [key] }))),
  });
}

export function useDeleteRole() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/api/userroles/{id}", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["roles"], refetchType: "none" }),
  });
}
