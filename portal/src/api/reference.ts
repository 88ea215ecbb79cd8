import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api, type Shape } from "./client";

/** What many screens name things by: read whole, because a space has few of each, and kept for a while. */
const KEPT = 30_000;

export type Environment = Shape<"Environment">;
export type Project = Shape<"Project">;
export type Channel = Shape<"Channel">;

export const environmentsQuery = (space: string) =>
  queryOptions({
    queryKey: ["environments", space],
    queryFn: () => answer(api.GET("/api/{space}/environments/all", { params: { path: { space } } })),
    staleTime: KEPT,
  });

export const projectGroupsQuery = (space: string) =>
  queryOptions({
    queryKey: ["project-groups", space],
    queryFn: () => answer(api.GET("/api/{space}/projectgroups/all", { params: { path: { space } } })),
    staleTime: KEPT,
  });

export const lifecyclesQuery = (space: string) =>
  queryOptions({
    queryKey: ["lifecycles", space],
    queryFn: () => answer(api.GET("/api/{space}/lifecycles/all", { params: { path: { space } } })),
    staleTime: KEPT,
  });

/** A project by its id or its slug. */
export const projectQuery = (space: string, project: string) =>
  queryOptions({
    queryKey: ["project", space, project],
    queryFn: () => answer(api.GET("/api/{space}/projects/{id}", { params: { path: { space, id: project } } })),
    staleTime: KEPT,
  });

export const channelsQuery = (space: string, projectId: string) =>
  queryOptions({
    queryKey: ["channels", space, projectId],
    queryFn: async () => {
      const path = { space, project_id: projectId };
      return (await answer(api.GET("/api/{space}/projects/{project_id}/channels", { params: { path } }))).Items;
    },
    staleTime: KEPT,
  });

/** From ids to names of environments; an id that is not known stays an id. */
export function useEnvironmentNames(space: string): (id: string) => string {
  const { data } = useQuery(environmentsQuery(space));
  return (id) => data?.find((environment) => environment.Id === id)?.Name ?? id;
}
