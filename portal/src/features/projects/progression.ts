import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";

export type Progression = Shape<"Progression">;
export type ReleaseProgression = Shape<"ReleaseProgression">;

/** The newest releases, so many of them, against the environments. */
export const progressionQuery = (space: string, projectId: string, count: number) =>
  queryOptions({
    queryKey: ["progression", projectId, count],
    queryFn: () => {
      const params = { path: { space, id: projectId }, query: { releaseHistoryCount: String(count) } };
      return answer(api.GET("/api/{space}/projects/{id}/progression", { params }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (isActive(query.state.data) ? 2000 : 6000),
  });

function isActive(progression: Progression | undefined): boolean {
  const items = (progression?.Releases ?? []).flatMap((one) => Object.values(one.Deployments).flat());
  return items.some((item) => !item.IsCompleted);
}

/** Whether the project has a process at all, which its first release needs. */
export const summaryQuery = (space: string, projectId: string) =>
  queryOptions({
    queryKey: ["project-summary", projectId],
    queryFn: () =>
      answer(api.GET("/api/{space}/projects/{id}/summary", { params: { path: { space, id: projectId } } })),
  });
