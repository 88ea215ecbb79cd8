import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams, type Shape } from "@/api/client";
import type { Given } from "./subscription-defaults";

export type Subscription = Shape<"Subscription">;
export const subscriptionPageQuery = (space: string, { q, page }: { q: string; page: number }) =>
  queryOptions({
    queryKey: ["subscriptions", space, "page", q, page],
    queryFn: () =>
      answer(api.GET("/api/{space}/subscriptions", { params: { path: { space }, query: listParams({ q, page }) } })),
    placeholderData: keepPreviousData,
  });

export const subscriptionQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["subscriptions", space, "one", id],
    queryFn: () => answer(api.GET("/api/{space}/subscriptions/{id}", { params: { path: { space, id } } })),
  });

export const zonesQuery = queryOptions({
  queryKey: ["time-zones"],
  queryFn: () => answer(api.GET("/api/serverstatus/timezones")),
  staleTime: Number.POSITIVE_INFINITY,
});

export function useSaveSubscription(space: string, before: Subscription | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Given) => {
      const sent = body<Subscription>({ ...before, ...given, SpaceId: space });
      if (before === null) {
        return answer(api.POST("/api/{space}/subscriptions", { params: { path: { space } }, body: sent }));
      }
      const params = { path: { space, id: before.Id } };
      return answer(api.PUT("/api/{space}/subscriptions/{id}", { params, body: sent }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["subscriptions", space] }),
  });
}

export function useDeleteSubscription(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE("/api/{space}/subscriptions/{id}", { params: { path: { space, id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["subscriptions", space], refetchType: "none" }),
  });
}
