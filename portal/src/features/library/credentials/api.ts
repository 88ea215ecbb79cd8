import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, listParams, type Shape } from "@/api/client";

export type GitCredential = Shape<"GitCredential">;

export const credentialsQuery = (space: string, list: { q: string; page: number }) =>
  queryOptions({
    queryKey: ["git-credentials", space, "list", list.q, list.page],
    queryFn: () => {
      const params = { path: { space }, query: listParams(list) };
      return answer(api.GET("/api/{space}/git-credentials", { params }));
    },
    placeholderData: keepPreviousData,
  });

export const credentialUsageQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["git-credentials", space, "usage", id],
    queryFn: () => answer(api.GET("/api/{space}/git-credentials/{id}/usage", { params: { path: { space, id } } })),
  });

/** Adds a credential, or saves one that has an id. */
export function useSaveCredential(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (one: GitCredential) =>
      one.Id
        ? answer(api.PUT("/api/{space}/git-credentials/{id}", { params: { path: { space, id: one.Id } }, body: one }))
        : answer(api.POST("/api/{space}/git-credentials", { params: { path: { space } }, body: one })),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["git-credentials", space] }),
        client.invalidateQueries({ queryKey: ["things", "git-credentials", space] }),
      ]),
  });
}

export function deleteCredential(space: string, id: string): Promise<unknown> {
  return answer(api.DELETE("/api/{space}/git-credentials/{id}", { params: { path: { space, id } } }));
}
