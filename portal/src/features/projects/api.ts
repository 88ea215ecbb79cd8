import { keepPreviousData, type QueryClient, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams, type Shape } from "@/api/client";
import type { Project } from "@/api/reference";

export interface NewProject extends Pick<Project, "Name" | "Description" | "ProjectGroupId" | "LifecycleId"> {
  /** The project that is cloned, or none. */
  clone: string | null;
}

export function useAddProject(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ clone, ...given }: NewProject) => {
      // The document of the API names no query for a new project; `clone` is one all the same.
      const query = (clone ? { clone } : {}) as never;
      return answer(
        api.POST("/api/{space}/projects", { params: { path: { space }, query }, body: body<Project>(given) }),
      );
    },
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["projects", space] }),
        client.invalidateQueries({ queryKey: ["dashboard", space] }),
      ]),
  });
}

type ProjectGroup = Shape<"ProjectGroup">;

export function useSaveGroup(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Partial<ProjectGroup>) => {
      const content = body<ProjectGroup>(given);
      const { Id: id } = given;
      return id
        ? answer(api.PUT("/api/{space}/projectgroups/{id}", { params: { path: { space, id } }, body: content }))
        : answer(api.POST("/api/{space}/projectgroups", { params: { path: { space } }, body: content }));
    },
    onSuccess: () => renewGroups(client, space),
  });
}

export function useDeleteGroup(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE("/api/{space}/projectgroups/{id}", { params: { path: { space, id } } })),
    onSuccess: () => renewGroups(client, space),
  });
}

function renewGroups(client: QueryClient, space: string) {
  return Promise.all(
    [
      ["project-groups", space],
      ["things", "projectgroups", space],
      ["dashboard", space],
    ].map((queryKey) => client.invalidateQueries({ queryKey })),
  );
}

/** One page of projects, by name. */
export const projectPageQuery = (space: string, { q, page, filters }: ProjectList) =>
  queryOptions({
    queryKey: ["projects", space, "page", q, page, filters],
    queryFn: () => {
      const query = listParams({ q, page }, { projectGroupId: filters.group });
      return answer(api.GET("/api/{space}/projects", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
  });

interface ProjectList {
  q: string;
  page: number;
  filters: { group?: string };
}
