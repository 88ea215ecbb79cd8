import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, type Shape } from "@/api/client";
import type { Project } from "@/api/reference";

export type Step = Shape<"DeploymentStep">;
export type Action = Shape<"DeploymentAction">;
export type Variable = Shape<"Variable">;
export type VariableSet = Shape<"VariableSet">;

export const processQuery = (space: string, projectId: string) =>
  queryOptions({
    queryKey: ["process", projectId],
    queryFn: () => {
      const path = { space, project_id: projectId };
      return answer(api.GET("/api/{space}/projects/{project_id}/deploymentprocesses", { params: { path } }));
    },
  });

export const variablesQuery = (space: string, projectId: string) =>
  queryOptions({
    queryKey: ["variables", projectId],
    queryFn: () => {
      const path = { space, project_id: projectId };
      return answer(api.GET("/api/{space}/projects/{project_id}/variables", { params: { path } }));
    },
  });

export type NewProject = Pick<Project, "Name" | "Description" | "ProjectGroupId" | "LifecycleId">;

export function useAddProject(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: NewProject) =>
      answer(api.POST("/api/{space}/projects", { params: { path: { space } }, body: body<Project>(given) })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["projects", space] }),
  });
}

const ACTION_TYPES: Record<string, string> = {
  "Octopus.Script": "Run a script",
  "Octopus.TentaclePackage": "Deploy a package",
  "Octopus.KubernetesRunScript": "Run a kubectl script",
  "Octopus.Manual": "Manual intervention",
  "Octopus.Email": "Send an email",
  "Octopus.HealthCheck": "Health check",
  "Octopus.DeployRelease": "Deploy a release",
  "Octopus.TransferPackage": "Transfer a package",
};

export function typeOf(action: Action): string {
  return ACTION_TYPES[action.ActionType] ?? action.ActionType;
}

/** The text of a property; a sealed one has none to show. */
export function propertyOf(properties: Record<string, unknown>, name: string): string | null {
  const value = properties[name];
  return typeof value === "string" && value !== "" ? value : null;
}
