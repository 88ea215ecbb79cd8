import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams, type Shape } from "@/api/client";
import type { Channel } from "@/api/reference";

export type Rule = Shape<"ChannelVersionRule">;
export type GitRule = Shape<"ChannelGitResourceRule">;
export type PackagePlace = Shape<"ReleaseTemplatePackage">;

export const channelPageQuery = (space: string, project_id: string, { q, page }: { q: string; page: number }) =>
  queryOptions({
    queryKey: ["channels", space, project_id, "page", q, page],
    queryFn: () => {
      const params = { path: { space, project_id }, query: listParams({ q, page }) };
      return answer(api.GET("/api/{space}/projects/{project_id}/channels", { params }));
    },
    placeholderData: keepPreviousData,
  });

export const channelQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["channel", space, id],
    queryFn: () => answer(api.GET("/api/{space}/channels/{id}", { params: { path: { space, id } } })),
  });

/** The packages that the steps of the project use: what rules are about. */
export const packagePlacesQuery = (space: string, project_id: string, git_ref: string | null) =>
  queryOptions({
    queryKey: ["package-places", project_id, git_ref],
    queryFn: async () => {
      const path = { space, project_id };
      const found =
        git_ref === null
          ? answer(api.GET("/api/{space}/projects/{project_id}/deploymentprocesses/template", { params: { path } }))
          : answer(
              api.GET("/api/{space}/projects/{project_id}/{git_ref}/deploymentprocesses/template", {
                params: { path: { ...path, git_ref } },
              }),
            );
      return (await found).Packages;
    },
  });

export const feedQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["feed", space, id],
    queryFn: () => answer(api.GET("/api/{space}/feeds/{id}", { params: { path: { space, id } } })),
    staleTime: 60_000,
  });

/** The newest versions of a package in its feed. */
export const versionsQuery = (space: string, one: Pick<PackagePlace, "FeedId" | "PackageId" | "IsResolvable">) =>
  queryOptions({
    queryKey: ["feed-versions", one.FeedId, one.PackageId],
    queryFn: async () => {
      const query = { packageId: one.PackageId, take: "30", includePreRelease: "true" };
      const path = { space, id: one.FeedId };
      return (await answer(api.GET("/api/{space}/feeds/{id}/packages/versions", { params: { path, query } }))).Items;
    },
    enabled: one.IsResolvable,
    staleTime: 5000,
  });

/** How versions do against the rule as it is written now, saved or not. */
export const triedQuery = (space: string, rule: Rule, feedType: string, versions: readonly string[]) =>
  queryOptions({
    queryKey: ["rule-test", rule.VersionRange, tagOf(rule), feedType, versions],
    queryFn: () => {
      const given = { Versions: [...versions], VersionRange: rule.VersionRange, PreReleaseTag: tagOf(rule) };
      const asked = { ...given, FeedType: feedType };
      const params = { path: { space } };
      return answer(api.POST("/api/{space}/channels/rule-test/versions", { params, body: asked }));
    },
    enabled: versions.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });

/** Older clients write the expression to another property. */
export function tagOf(rule: Rule): string {
  return rule.Tag || rule.VersionTagRegex || "";
}

function useRenew(space: string) {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [
        ["channels", space],
        ["channel", space],
        ["things", "channels"],
        ["lifecycle", space],
      ].map((queryKey) => client.invalidateQueries({ queryKey })),
    );
}

export function useAddChannel(space: string, project_id: string) {
  const onSuccess = useRenew(space);
  return useMutation({
    mutationFn: (given: Partial<Channel>) => {
      const params = { path: { space, project_id } };
      return answer(api.POST("/api/{space}/projects/{project_id}/channels", { params, body: body<Channel>(given) }));
    },
    onSuccess,
  });
}

export function useSaveChannel(space: string) {
  const onSuccess = useRenew(space);
  return useMutation({
    mutationFn: (given: Channel) =>
      answer(api.PUT("/api/{space}/channels/{id}", { params: { path: { space, id: given.Id } }, body: given })),
    onSuccess,
  });
}

export function useDeleteChannel(space: string) {
  const onSuccess = useRenew(space);
  return useMutation({
    mutationFn: (id: string): Promise<unknown> =>
      answer(api.DELETE("/api/{space}/channels/{id}", { params: { path: { space, id } } })),
    onSuccess,
  });
}
