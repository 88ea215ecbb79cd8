import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, type Shape } from "@/api/client";

export type Release = Shape<"Release">;
export type Deployment = Shape<"Deployment">;
export type DeploymentPreview = Shape<"DeploymentPreview">;
export type LifecycleProgression = Shape<"LifecycleProgression">;
export type PhaseProgression = Shape<"PhaseProgression">;
export type Template = Shape<"ReleaseTemplate">;
export type TemplatePackage = Shape<"ReleaseTemplatePackage">;

/** A release of a project by its version. */
export const releaseQuery = (space: string, project: string, version: string) =>
  queryOptions({
    queryKey: ["release", space, project, version],
    queryFn: () => {
      const path = { space, project_id: project, version };
      return answer(api.GET("/api/{space}/projects/{project_id}/releases/{version}", { params: { path } }));
    },
  });

export const releaseByIdQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["release", id],
    queryFn: () => answer(api.GET("/api/{space}/releases/{id}", { params: { path: { space, id } } })),
    staleTime: 30_000,
  });

/**
 * What a release of the project needs: the next version, the packages, the repositories. A project in Git says so for a
 * branch; a release that is edited has a process of its own.
 */
export const templateQuery = (
  space: string,
  projectId: string,
  channel: string,
  branch: string | null,
  release?: string,
) =>
  queryOptions({
    queryKey: ["release-template", projectId, channel, branch, release],
    queryFn: () => {
      const query = { channel, ...(release && { releaseId: release }) };
      if (branch !== null) {
        const path = { space, project_id: projectId, git_ref: branch };
        const address = "/api/{space}/projects/{project_id}/{git_ref}/deploymentprocesses/template";
        return answer(api.GET(address, { params: { path, query } }));
      }
      const path = { space, project_id: projectId };
      const address = "/api/{space}/projects/{project_id}/deploymentprocesses/template";
      return answer(api.GET(address, { params: { path, query } }));
    },
    enabled: channel !== "" && projectId !== "",
    staleTime: 0,
  });

export type NewRelease = Pick<Release, "ProjectId" | "ChannelId" | "Version"> & Partial<Release>;

export function useCreateRelease(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: NewRelease) =>
      answer(api.POST("/api/{space}/releases", { params: { path: { space } }, body: body<Release>(given) })),
    onSuccess: () =>
      Promise.all(["releases", "progression", "dashboard"].map((one) => client.invalidateQueries({ queryKey: [one] }))),
  });
}

export const lifecycleProgressionQuery = (space: string, releaseId: string) =>
  queryOptions({
    queryKey: ["progression", releaseId],
    queryFn: () =>
      answer(api.GET("/api/{space}/releases/{id}/progression", { params: { path: { space, id: releaseId } } })),
    enabled: releaseId !== "",
    refetchInterval: (query) => {
      const tasks = (query.state.data?.Phases ?? []).flatMap((phase) =>
        phase.Deployments.map((one) => one.Task?.IsCompleted),
      );
      return tasks.includes(false) ? 2000 : 6000;
    },
  });

export const deploymentTemplateQuery = (space: string, releaseId: string) =>
  queryOptions({
    queryKey: ["deployment-template", releaseId],
    queryFn: () =>
      answer(
        api.GET("/api/{space}/releases/{id}/deployments/template", { params: { path: { space, id: releaseId } } }),
      ),
    enabled: releaseId !== "",
    staleTime: 0,
  });
