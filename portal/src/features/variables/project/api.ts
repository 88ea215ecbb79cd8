import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { type Project, projectQuery } from "@/api/reference";

/** Changes a part of a project: what somebody else changed of the rest meanwhile stays. */
export function useChangeProject(space: string, project: Project) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (patch: Partial<Project>) => {
      const path = { space, id: project.Id };
      const now = await answer(api.GET("/api/{space}/projects/{id}", { params: { path } }));
      return answer(api.PUT("/api/{space}/projects/{id}", { params: { path }, body: { ...now, ...patch } }));
    },
    onSuccess: async (saved) => {
      for (const named of [project.Id, project.Slug, saved.Slug]) {
        client.setQueryData(projectQuery(space, named).queryKey, saved);
      }
      await Promise.all([
        client.invalidateQueries({ queryKey: ["variable-names", space] }),
        client.invalidateQueries({ queryKey: ["variables-preview", space] }),
        client.invalidateQueries({ queryKey: ["variables-explained", space] }),
      ]);
    },
  });
}
