import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams } from "@/api/client";
import type { Environment } from "@/api/reference";

/** One page of the environments, in their order. */
export const environmentPageQuery = (space: string, { q, page }: { q: string; page: number }) =>
  queryOptions({
    queryKey: ["environments", space, "page", q, page],
    queryFn: () => {
      const params = { path: { space }, query: listParams({ q, page }) };
      return answer(api.GET("/api/{space}/environments", { params }));
    },
    placeholderData: keepPreviousData,
  });

export const environmentQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["environments", space, "one", id],
    queryFn: () => answer(api.GET("/api/{space}/environments/{id}", { params: { path: { space, id } } })),
  });

function useRefresh(space: string) {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["environments", space] }),
      client.invalidateQueries({ queryKey: ["summary", space] }),
      client.invalidateQueries({ queryKey: ["things", "environments", space] }),
    ]);
}

export function useAddEnvironment(space: string) {
  const onSuccess = useRefresh(space);
  return useMutation({
    mutationFn: (given: Pick<Environment, "Name" | "Description">) =>
      answer(api.POST("/api/{space}/environments", { params: { path: { space } }, body: body<Environment>(given) })),
    onSuccess,
  });
}

export function useSaveEnvironment(space: string) {
  const onSuccess = useRefresh(space);
  return useMutation({
    mutationFn: (environment: Environment) => {
      const params = { path: { space, id: environment.Id } };
      return answer(api.PUT("/api/{space}/environments/{id}", { params, body: environment }));
    },
    onSuccess,
  });
}

export function useRemoveEnvironment(space: string, id: string) {
  const onSuccess = useRefresh(space);
  return useMutation({
    mutationFn: () => answer(api.DELETE("/api/{space}/environments/{id}", { params: { path: { space, id } } })),
    onSuccess,
  });
}

export function useOrderEnvironments(space: string) {
  const onSuccess = useRefresh(space);
  return useMutation({
    mutationFn: (ids: string[]) =>
      answer(api.PUT("/api/{space}/environments/sortorder", { params: { path: { space } }, body: ids })),
    onSuccess,
  });
}
