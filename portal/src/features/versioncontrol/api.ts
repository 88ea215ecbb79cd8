import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, pageOf, type Shape } from "@/api/client";
import { type Project, projectQuery } from "@/api/reference";

export type Settings = Shape<"PersistenceSettings">;
export type Credentials = Shape<"ProjectGitCredential">;

/** What stands against moving the project to Git, and what stays behind. */
export const compatibilityQuery = (space: string, project: string) =>
  queryOptions({
    queryKey: ["git-compatibility", space, project],
    queryFn: () => {
      const path = { space, id: project };
      return answer(api.GET("/api/{space}/projects/{id}/git/compatibility-report", { params: { path } }));
    },
  });

export interface Conversion {
  settings: Settings;
  message: string;
  /** Where the first commit goes; null for the default branch. */
  branch: string | null;
}

/** Everything that is known of a project is read anew after it moved: what was in the database is in files now. */
function useRenewed(space: string, project: Project) {
  const client = useQueryClient();
  return async () => {
    await client.invalidateQueries({ queryKey: ["project", space] });
    await client.invalidateQueries({
      predicate: ({ queryKey }) => queryKey.includes(project.Id) || queryKey.includes(project.Slug),
    });
  };
}

export function useConvert(space: string, project: Project) {
  const onSuccess = useRenewed(space, project);
  return useMutation({
    mutationFn: ({ settings, message, branch }: Conversion) => {
      const params = { path: { space, id: project.Id } };
      const given = { CommitMessage: message, InitialCommitBranchName: branch, VersionControlSettings: settings };
      return answer(api.POST("/api/{space}/projects/{id}/git/convert", { params, body: given }));
    },
    onSuccess,
  });
}

/** Changes where the repository is and how the server signs in there, on the project as it is stored now. */
export function useSaveSettings(space: string, project: Project) {
  const client = useQueryClient();
  const onSuccess = useRenewed(space, project);
  return useMutation({
    mutationFn: async (settings: Settings) => {
      const stored = await client.fetchQuery({ ...projectQuery(space, project.Id), staleTime: 0 });
      const params = { path: { space, id: project.Id } };
      const changed = { ...stored, PersistenceSettings: settings };
      return answer(api.PUT("/api/{space}/projects/{id}", { params, body: body<Project>(changed) }));
    },
    onSuccess,
  });
}

/** Asks the repository for its branches: whether the server can sign in and read there. */
export function useTestConnection(space: string, project: Project) {
  return useMutation({
    mutationFn: () => {
      const params = { path: { space, id: project.Id }, query: { ...pageOf(1, 1), refresh: "true" } };
      return answer(api.GET("/api/{space}/projects/{id}/git/branches", { params }));
    },
  });
}
