import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, listParams, type Shape } from "@/api/client";

export type Feed = Shape<"Feed">;
export type FeedType = Feed["FeedType"];
export type FeedUsage = Shape<"FeedUsage">;

interface Slice {
  q: string;
  page: number;
}

export const feedsQuery = (space: string, list: Slice, type: string | undefined) =>
  queryOptions({
    queryKey: ["feeds", space, "list", list.q, list.page, type],
    queryFn: () => {
      const query = listParams(list, { feedType: type });
      return answer(api.GET("/api/{space}/feeds", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
  });

export const feedQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["feeds", space, "one", id],
    queryFn: () => answer(api.GET("/api/{space}/feeds/{id}", { params: { path: { space, id } } })),
  });

export const feedUsageQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["feeds", space, "usage", id],
    queryFn: () => answer(api.GET("/api/{space}/feeds/{id}/usage", { params: { path: { space, id } } })),
  });

/** What the feed itself answers to a search: not kept, since it is asked to see whether it answers. */
export const searchQuery = (space: string, id: string, term: string) =>
  queryOptions({
    queryKey: ["feeds", space, "search", id, term],
    queryFn: () => {
      const params = { path: { space, id }, query: { term, take: "20" } };
      return answer(api.GET("/api/{space}/feeds/{id}/packages/search", { params }));
    },
    staleTime: 0,
    gcTime: 0,
    retry: false,
  });

/** Adds a feed, or saves one that has an id. */
export function useSaveFeed(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (feed: Feed) =>
      feed.Id
        ? answer(api.PUT("/api/{space}/feeds/{id}", { params: { path: { space, id: feed.Id } }, body: feed }))
        : answer(api.POST("/api/{space}/feeds", { params: { path: { space } }, body: feed })),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["feeds", space] }),
        client.invalidateQueries({ queryKey: ["things", "feeds", space] }),
      ]),
  });
}

export function deleteFeed(space: string, id: string): Promise<unknown> {
  return answer(api.DELETE("/api/{space}/feeds/{id}", { params: { path: { space, id } } }));
}
