import { queryOptions } from "@tanstack/react-query";
import { getPending, type Progression } from "@/api/pending";

export const progressionQuery = (space: string, projectId: string) =>
  queryOptions({
    queryKey: ["progression", projectId],
    queryFn: () => getPending<Progression>(`/api/${space}/projects/${projectId}/progression`),
    refetchInterval: (query) => (isActive(query.state.data) ? 2000 : 6000),
  });

function isActive(progression: Progression | undefined): boolean {
  const items = (progression?.Releases ?? []).flatMap((one) => Object.values(one.Deployments).flat());
  return items.some((item) => !item.IsCompleted);
}
