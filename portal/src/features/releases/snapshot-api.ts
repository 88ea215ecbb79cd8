import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";
import type { Release } from "./api";

export type Variable = Shape<"Variable">;
export type VariableSet = Shape<"VariableSet">;
export type Differences = Shape<"VariableDifferences">;

/** The variable sets that a release has fixed: the project's own first, then those of the library. */
export const frozenVariablesQuery = (space: string, release: Release) => {
  const ids = [release.ProjectVariableSetSnapshotId, ...release.LibraryVariableSetSnapshotIds];
  return queryOptions({
    queryKey: ["frozen-variables", ids],
    queryFn: async () => {
      const query = { ids: ids.join(",") };
      const found = await answer(api.GET("/api/{space}/variables/all", { params: { path: { space }, query } }));
      return ids.map((id) => found.find((one) => one.Id === id)).filter((one) => one !== undefined);
    },
    staleTime: 60_000,
  });
};

/** A process by its id: today's of a project, or one that a release has fixed. */
export const processByIdQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["process", "by-id", id],
    queryFn: () => answer(api.GET("/api/{space}/deploymentprocesses/{id}", { params: { path: { space, id } } })),
    staleTime: 10_000,
  });

/** Today's process of a project; for one in Git, that of the branch. */
export const processNowQuery = (space: string, project: string, branch: string | null) =>
  queryOptions({
    queryKey: ["process", project, "now", branch],
    queryFn: () => {
      if (branch !== null) {
        const path = { space, id: project, git_ref: branch };
        return answer(api.GET("/api/{space}/projects/{id}/{git_ref}/deploymentprocesses", { params: { path } }));
      }
      const path = { space, project_id: project };
      return answer(api.GET("/api/{space}/projects/{project_id}/deploymentprocesses", { params: { path } }));
    },
    staleTime: 5000,
  });

/** What "update variables" would change in a release. */
export const variableDifferenceQuery = (space: string, release: string) =>
  queryOptions({
    queryKey: ["variable-difference", release],
    queryFn: () =>
      answer(api.GET("/api/{space}/releases/{id}/variables/difference", { params: { path: { space, id: release } } })),
    staleTime: 0,
  });
