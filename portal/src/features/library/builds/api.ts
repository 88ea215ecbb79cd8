import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, pageOf, type Shape } from "@/api/client";
import { PAGE } from "@/lib/search";

export type BuildInformation = Shape<"BuildInformation">;
export type PackageUsage = Shape<"PackageUsage">;

interface Slice {
  q: string;
  page: number;
}

/** What build servers told, by package and the highest version first. */
export const buildsQuery = (space: string, { q, page }: Slice, version: string, isLatest: boolean) =>
  queryOptions({
    queryKey: ["builds", space, "list", q, page, version, isLatest],
    queryFn: () => {
      const narrowed = {
        ...(q && { partialName: q }),
        ...(version && { filter: version }),
        ...(isLatest && { latest: "true" }),
      };
      const query = { ...narrowed, ...pageOf(page, PAGE) };
      return answer(api.GET("/api/{space}/build-information", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

export const buildQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["builds", space, "one", id],
    queryFn: () => answer(api.GET("/api/{space}/build-information/{id}", { params: { path: { space, id } } })),
  });

export const buildUsageQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["builds", space, "usage", id],
    queryFn: () => answer(api.GET("/api/{space}/build-information/{id}/usage", { params: { path: { space, id } } })),
  });

export function useDeleteBuild(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE("/api/{space}/build-information/{id}", { params: { path: { space, id } } })),
    onSettled: () => client.invalidateQueries({ queryKey: ["builds", space] }),
  });
}
