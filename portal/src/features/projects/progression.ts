import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";

export type Progression = Shape<"Progression">;
export type ReleaseProgression = Shape<"ReleaseProgression">;

export const progressionQuery = (space: string, projectId: string) =>
  queryOptions({
    queryKey: ["progression", projectId],
    queryFn: () =>
      answer(api.GET("/api/{space}/projects/{id}/progression", { params: { path: { space, id: projectId } } })),
    refetchInterval: (query) => (isActive(query.state.data) ? 2000 : 6000),
  });

function isActive(progression: Progression | undefined): boolean {
  const items = (progression?.Releases ?? []).flatMap((one) => Object.values(one.Deployments).flat());
  return items.some((item) => !item.IsCompleted);
}
