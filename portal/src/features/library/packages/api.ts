import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, pageOf, type Shape } from "@/api/client";
import { PAGE } from "@/lib/search";

export type Package = Shape<"PackageFromBuiltInFeed">;
export type Version = Shape<"PackageVersion">;
export type Feed = Shape<"Feed">;

/** The well-known id of the feed that packages are pushed to; in every space it means that space's own. */
export const BUILT_IN = "feeds-builtin";

interface Slice {
  q: string;
  page: number;
}

/** The newest version of each package. */
export const packagesQuery = (space: string, { q, page }: Slice) =>
  queryOptions({
    queryKey: ["packages", space, "list", q, page],
    queryFn: () => {
      const query = { latest: "true", ...(q && { filter: q }), ...pageOf(page, PAGE) };
      return answer(api.GET("/api/{space}/packages", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

/** The versions of a package, the highest first. */
export const versionsQuery = (space: string, packageId: string, { q, page }: Slice, isStable: boolean) =>
  queryOptions({
    queryKey: ["packages", space, "versions", packageId, q, page, isStable],
    queryFn: () => {
      const narrowed = { ...(q && { filter: q }), ...(isStable && { includePreRelease: "false" }) };
      const query = { packageId, ...narrowed, ...pageOf(page, PAGE) };
      const path = { space, id: BUILT_IN };
      return answer(api.GET("/api/{space}/feeds/{id}/packages/versions", { params: { path, query } }));
    },
    placeholderData: keepPreviousData,
  });

/** By `packages-{id}.{version}`, with notes and build information. */
export const packageQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["packages", space, "one", id],
    queryFn: () => {
      const params = { path: { space, id }, query: { includeNotes: "true" } };
      return answer(api.GET("/api/{space}/packages/{id}", { params }));
    },
  });

export const packageUsageQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["packages", space, "usage", id],
    queryFn: () => answer(api.GET("/api/{space}/packages/{id}/usage", { params: { path: { space, id } } })),
  });

export const statsQuery = (space: string) =>
  queryOptions({
    queryKey: ["packages", space, "stats"],
    queryFn: () => answer(api.GET("/api/{space}/feeds/stats", { params: { path: { space } } })),
  });

export const repositoryQuery = (space: string) =>
  queryOptions({
    queryKey: ["feeds", space, "one", BUILT_IN],
    queryFn: () => answer(api.GET("/api/{space}/feeds/{id}", { params: { path: { space, id: BUILT_IN } } })),
  });

export function downloadAddress(space: string, id: string): string {
  return `/api/${encodeURIComponent(space)}/packages/${encodeURIComponent(id)}/raw`;
}

/** Deletes versions, all or none. */
export function useDeletePackages(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: readonly string[]) =>
      answer(api.DELETE("/api/{space}/packages/bulk", { params: { path: { space }, query: { ids: ids.join(",") } } })),
    // What was read of those that are gone is not asked for again.
    onSettled: () =>
      Promise.all(
        ["list", "versions", "stats"].map((what) => client.invalidateQueries({ queryKey: ["packages", space, what] })),
      ),
  });
}

export function useDescribe(space: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Shape<"PackageDetails">) =>
      answer(api.PUT("/api/{space}/packages/{id}", { params: { path: { space, id } }, body: given })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["packages", space] }),
  });
}

/** How long packages that no release uses are kept: a number of days, or nothing for ever. */
export function useKeepFor(space: string, feed: Feed) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (days: number | null) => {
      const body = { ...feed, DeleteUnreleasedPackagesAfterDays: days };
      return answer(api.PUT("/api/{space}/feeds/{id}", { params: { path: { space, id: feed.Id } }, body }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ["feeds", space] }),
  });
}
