import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, listParams, type Shape } from "@/api/client";

export type Trigger = Shape<"ProjectTrigger">;
export type Filter = Shape<"TriggerFilter">;
export type Action = Shape<"TriggerAction">;

export const triggerPageQuery = (
  space: string,
  project_id: string,
  { q, page, category }: { q: string; page: number; category?: string },
) =>
  queryOptions({
    queryKey: ["triggers", project_id, "page", q, page, category],
    queryFn: () => {
      const query = listParams({ q, page }, { triggerActionCategory: category });
      const params = { path: { space, project_id }, query };
      return answer(api.GET("/api/{space}/projects/{project_id}/triggers", { params }));
    },
    placeholderData: keepPreviousData,
  });

export const triggerQuery = (space: string, project_id: string, id: string) =>
  queryOptions({
    queryKey: ["triggers", project_id, "one", id],
    queryFn: () => {
      const params = { path: { space, project_id, id } };
      return answer(api.GET("/api/{space}/projects/{project_id}/triggers/{id}", { params }));
    },
  });

/** When schedules come next, in the order of the filters. */
export const timesAheadQuery = (space: string, filters: readonly Filter[], count: number) =>
  queryOptions({
    queryKey: ["times-ahead", space, filters, count],
    queryFn: () => {
      const given = { Filters: [...filters], Count: count };
      return answer(api.POST("/api/{space}/projecttriggers/schedule", { params: { path: { space } }, body: given }));
    },
    enabled: filters.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

export const eventGroupsQuery = (space: string) =>
  queryOptions({
    queryKey: ["event-groups", space],
    queryFn: () => answer(api.GET("/api/{space}/events/groups", { params: { path: { space } } })),
    staleTime: 300_000,
  });

export const eventCategoriesQuery = (space: string) =>
  queryOptions({
    queryKey: ["event-categories", space],
    queryFn: () => answer(api.GET("/api/{space}/events/categories", { params: { path: { space } } })),
    staleTime: 300_000,
  });

/** Makes a trigger that has no id yet, and replaces one that has. */
export function useSaveTrigger(space: string, project_id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Trigger) => {
      if (!given.Id) {
        const params = { path: { space, project_id } };
        return answer(api.POST("/api/{space}/projects/{project_id}/triggers", { params, body: given }));
      }
      const params = { path: { space, project_id, id: given.Id } };
      return answer(api.PUT("/api/{space}/projects/{project_id}/triggers/{id}", { params, body: given }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["triggers", project_id] }),
  });
}

export function useDeleteTrigger(space: string, project_id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string): Promise<unknown> => {
      const params = { path: { space, project_id, id } };
      return answer(api.DELETE("/api/{space}/projects/{project_id}/triggers/{id}", { params }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["triggers", project_id] }),
  });
}
