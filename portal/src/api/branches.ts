import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, pageOf, type Shape } from "./client";
import type { Project } from "./reference";

export type Branch = Shape<"GitBranch">;

/** How many branches are offered at once; words narrow them. */
const OFFERED = 50;

const ofProject = (space: string, project: string) => ["branches", space, project];

/** The branches of a project in Git whose names have the words in them. */
export const branchesQuery = (space: string, project: string, words: string) =>
  queryOptions({
    queryKey: [...ofProject(space, project), "list", words],
    queryFn: () => {
      const query = { ...pageOf(1, OFFERED), ...(words && { searchByName: words }) };
      const path = { space, id: project };
      return answer(api.GET("/api/{space}/projects/{id}/git/branches", { params: { path, query } }));
    },
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** A branch by its name; the answer is a refusal where the repository has none. */
export const branchQuery = (space: string, project: string, name: string) =>
  queryOptions({
    queryKey: [...ofProject(space, project), "one", name],
    queryFn: () => {
      const path = { space, id: project, name };
      return answer(api.GET("/api/{space}/projects/{id}/git/branches/{name}", { params: { path } }));
    },
    staleTime: 30_000,
    retry: false,
  });

/** Asks the repository itself which branches it has now: the server looks there only now and then. */
export function useFetchBranches(space: string, project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => {
      const params = { path: { space, id: project }, query: { ...pageOf(1, 1), refresh: "true" } };
      return answer(api.GET("/api/{space}/projects/{id}/git/branches", { params }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ofProject(space, project) }),
  });
}

/** Makes a branch at the commit that another one is at. */
export function useCreateBranch(space: string, project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: { name: string; from: string }) => {
      const body = { BaseGitRef: wanted.from, NewBranchName: wanted.name };
      const params = { path: { space, id: project } };
      return answer(api.POST("/api/{space}/projects/{id}/git/branches/v2", { params, body }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: ofProject(space, project) }),
  });
}

export function isInGit(project: Pick<Project, "PersistenceSettings">): boolean {
  return project.PersistenceSettings?.Type === "VersionControlled";
}

/** The branch that a project in Git is on where none is named. */
export function defaultBranchOf(project: Pick<Project, "PersistenceSettings">): string {
  return project.PersistenceSettings?.DefaultBranch ?? "main";
}
