import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, type Shape } from "@/api/client";
import type { Project } from "@/api/reference";

export type Variable = Shape<"Variable">;
export type VariableSet = Shape<"VariableSet">;

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
