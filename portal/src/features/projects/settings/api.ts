import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Shape, writeHeaders } from "@/api/client";
import { errorFrom } from "@/api/errors";
import { type Project, projectQuery } from "@/api/reference";
import { logoStampQuery } from "@/components/project-logo";

export type Settings = Shape<"DeploymentSettings">;
export type Policy = Shape<"DeploymentConnectivityPolicy">;
export type Strategy = Shape<"VersioningStrategy">;

/** Saves the project; whoever shows it or lists it reads it anew. */
export function useSaveProject(space: string, named: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (project: Project) =>
      answer(api.PUT("/api/{space}/projects/{id}", { params: { path: { space, id: project.Id } }, body: project })),
    onSuccess: (saved) => {
      client.setQueryData(projectQuery(space, named).queryKey, saved);
      client.setQueryData(projectQuery(space, saved.Slug).queryKey, saved);
      for (const key of [
        ["projects", space],
        ["dashboard", space],
        ["things", "projects", space],
      ]) {
        void client.invalidateQueries({ queryKey: key });
      }
      // The deployment settings are a part of the project that is also served by itself.
      void client.invalidateQueries({ queryKey: ["deployment-settings", saved.Id] });
    },
  });
}

export function useDeleteProject(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/api/{space}/projects/{id}", { params: { path: { space, id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["projects", space] }),
  });
}

export function useUploadLogo(space: string, project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (file: File) => {
      const form = new FormData();
      form.append("file", file);
      const headers = await writeHeaders();
      const response = await fetch(`/api/${space}/projects/${project}/logo`, { method: "POST", headers, body: form });
      if (!response.ok) throw errorFrom(response.status, await response.json().catch(() => null));
    },
    onSuccess: () => client.setQueryData(logoStampQuery(project).queryKey, Date.now()),
  });
}

/** How deployments behave; of a project in Git, on a branch. */
export const settingsQuery = (space: string, id: string, branch: string | null) =>
  queryOptions({
    queryKey: ["deployment-settings", id, branch],
    queryFn: () =>
      branch === null
        ? answer(api.GET("/api/{space}/projects/{id}/deploymentsettings", { params: { path: { space, id } } }))
        : answer(
            api.GET("/api/{space}/projects/{id}/{git_ref}/deploymentsettings", {
              params: { path: { space, id, git_ref: branch } },
            }),
          ),
  });

export function useSaveSettings(space: string, id: string, branch: string | null) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ settings, message }: { settings: Settings; message: string }) => {
      if (branch === null) {
        const params = { path: { space, id } };
        return answer(api.PUT("/api/{space}/projects/{id}/deploymentsettings", { params, body: settings }));
      }
      const params = { path: { space, id, git_ref: branch } };
      const body = { ...settings, ChangeDescription: message || "Change the deployment settings" };
      return answer(api.PUT("/api/{space}/projects/{id}/{git_ref}/deploymentsettings", { params, body }));
    },
    onSuccess: async (saved) => {
      client.setQueryData(settingsQuery(space, id, branch).queryKey, saved);
      await client.invalidateQueries({ queryKey: ["project", space] });
    },
  });
}

/** The version that a template gives the next release; a refusal says what is wrong with the template. */
export const nextVersionQuery = (space: string, projectId: string, template: string) =>
  queryOptions({
    queryKey: ["next-version", projectId, template],
    queryFn: () => {
      const params = { path: { space, project_id: projectId }, query: { template } };
      return answer(api.GET("/api/{space}/projects/{project_id}/nextversion", { params }));
    },
    retry: false,
    staleTime: 10_000,
  });
