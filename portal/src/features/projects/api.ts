import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body } from "@/api/client";
import type { Project } from "@/api/reference";

export type NewProject = Pick<Project, "Name" | "Description" | "ProjectGroupId" | "LifecycleId">;

export function useAddProject(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: NewProject) =>
      answer(api.POST("/api/{space}/projects", { params: { path: { space } }, body: body<Project>(given) })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["projects", space] }),
  });
}
