import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams, type Shape } from "@/api/client";
import { type Lifecycle, sent } from "./phases";

export type SpaceDefault = Shape<"SpaceDefaultRetentionPolicy">;
export type RetentionType = SpaceDefault["RetentionType"];

export const lifecyclePageQuery = (space: string, { q, page }: { q: string; page: number }) =>
  queryOptions({
    queryKey: ["lifecycles", space, "page", q, page],
    queryFn: () =>
      answer(api.GET("/api/{space}/lifecycles", { params: { path: { space }, query: listParams({ q, page }) } })),
    placeholderData: keepPreviousData,
  });

export const lifecycleQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["lifecycle", space, id],
    queryFn: () => answer(api.GET("/api/{space}/lifecycles/{id}", { params: { path: { space, id } } })),
  });

/** The phases as they act now: without any of its own, one for each environment. */
export const actingPhasesQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["lifecycle", space, id, "acting"],
    queryFn: () => answer(api.GET("/api/{space}/lifecycles/{id}/preview", { params: { path: { space, id } } })),
  });

export const projectsOfQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["lifecycle", space, id, "projects"],
    queryFn: () => answer(api.GET("/api/{space}/lifecycles/{id}/projects", { params: { path: { space, id } } })),
  });

export const channelsOfQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["lifecycle", space, id, "channels"],
    queryFn: async () => {
      const query = { lifecycles: id, take: "1000" };
      return (await answer(api.GET("/api/{space}/channels", { params: { path: { space }, query } }))).Items;
    },
  });

/** What retention would delete now; worked out anew each time, since it looks at every release. */
export const retentionPreviewQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["lifecycle", space, id, "retention"],
    queryFn: () =>
      answer(api.GET("/api/{space}/lifecycles/{id}/retention/preview", { params: { path: { space, id } } })),
    staleTime: 0,
    gcTime: 0,
  });

export const spaceDefaultQuery = (space: string, RetentionType: RetentionType) =>
  queryOptions({
    queryKey: ["space-retention", space, RetentionType],
    queryFn: () =>
      answer(api.GET("/api/{space}/retentionpolicies", { params: { path: { space }, query: { RetentionType } } })),
  });

function useRenew(space: string) {
  const client = useQueryClient();
  return () =>
    Promise.all(
      ["lifecycles", "lifecycle"]
        .map((one) => client.invalidateQueries({ queryKey: [one, space] }))
        .concat(
          // what follows a lifecycle shows other phases now
          ["progression", "dashboard"].map((one) => client.invalidateQueries({ queryKey: [one], refetchType: "none" })),
        ),
    );
}

export function useAddLifecycle(space: string) {
  const onSuccess = useRenew(space);
  return useMutation({
    mutationFn: (given: Partial<Lifecycle>) =>
      answer(api.POST("/api/{space}/lifecycles", { params: { path: { space } }, body: body<Lifecycle>(given) })),
    onSuccess,
  });
}

export function useSaveLifecycle(space: string) {
  const onSuccess = useRenew(space);
  return useMutation({
    mutationFn: (given: Lifecycle) => {
      const params = { path: { space, id: given.Id } };
      return answer(api.PUT("/api/{space}/lifecycles/{id}", { params, body: sent(given) }));
    },
    onSuccess,
  });
}

export function useDeleteLifecycle(space: string) {
  const onSuccess = useRenew(space);
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/api/{space}/lifecycles/{id}", { params: { path: { space, id } } })),
    onSuccess,
  });
}

export function useSaveSpaceDefault(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: SpaceDefault) => {
      const params = { path: { space, id: given.Id } };
      return answer(api.PUT("/api/{space}/retentionpolicies/{id}", { params, body: given }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["space-retention", space] }),
  });
}
