import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, listParams, type Shape } from "@/api/client";

export type Freeze = Shape<"DeploymentFreeze">;
export type Schedule = Shape<"RecurringSchedule">;

export interface Shown {
  q: string;
  page: number;
  /** Active, Scheduled or Complete; without it, all that are not over. */
  status?: string;
  project?: string;
}

/** Freezes belong to the server: those that hold for something the user may see, in whatever space. */
export const freezePageQuery = ({ q, page, status, project }: Shown) =>
  queryOptions({
    queryKey: ["freezes", "page", q, page, status, project],
    queryFn: async () => {
      const query = listParams({ q, page }, { status, projectIds: project });
      const found = await answer(api.GET("/api/deploymentfreezes", { params: { query } }));
      return { Items: found.DeploymentFreezes, TotalResults: found.Count };
    },
    placeholderData: keepPreviousData,
    refetchInterval: 60_000,
  });

export const freezeQuery = (id: string) =>
  queryOptions({
    queryKey: ["freezes", "one", id],
    queryFn: () => answer(api.GET("/api/deploymentfreezes/{id}", { params: { path: { id } } })),
  });

/** What is going on and what comes, of a freeze that is saved or not. */
export const occurrencesQuery = (freeze: Freeze) =>
  queryOptions({
    queryKey: ["freezes", "occurrences", freeze.Start, freeze.End, freeze.RecurringSchedule],
    queryFn: () => answer(api.POST("/api/deploymentfreezes/occurrences", { body: freeze })),
    enabled: freeze.Start !== null && freeze.End !== null,
    placeholderData: keepPreviousData,
  });

/** Makes a freeze that has no id yet, and replaces one that has. */
export function useSaveFreeze() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Freeze) =>
      given.Id
        ? answer(api.PUT("/api/deploymentfreezes/{id}", { params: { path: { id: given.Id } }, body: given }))
        : answer(api.POST("/api/deploymentfreezes", { body: given })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["freezes"] }),
  });
}

export function useDeleteFreeze() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string): Promise<unknown> =>
      answer(api.DELETE("/api/deploymentfreezes/{id}", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["freezes"] }),
  });
}
