import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";
import { HEALTHS, type Health } from "./kinds";

/** Counts of machines, which the server has counted. */

export type Counts = Pick<
  Shape<"EnvironmentsSummary">,
  "TotalMachines" | "TotalDisabledMachines" | "MachineHealthStatusSummaries" | "MachineEndpointSummaries"
>;

/** Of all environments, or of those with the ids. */
export const targetSummaryQuery = (space: string, ids: readonly string[] = []) =>
  queryOptions({
    queryKey: ["summary", space, "targets", ids],
    queryFn: () => {
      const query = ids.length > 0 ? { ids: ids.join(",") } : {};
      return answer(api.GET("/api/{space}/environments/summary", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

export const workerSummaryQuery = (space: string) =>
  queryOptions({
    queryKey: ["summary", space, "workers"],
    queryFn: () => answer(api.GET("/api/{space}/workerpools/summary", { params: { path: { space } } })),
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });

/** The states of health that there are, the worst first. */
export function healthCounts(counts: Counts): { health: Health; count: number }[] {
  const summaries = counts.MachineHealthStatusSummaries as Partial<Record<Health, number>>;
  return (Object.keys(HEALTHS) as Health[])
    .map((health) => ({ health, count: summaries[health] ?? 0 }))
    .filter(({ count }) => count > 0);
}

/** How many are not as they should be. */
export function ailing(counts: Counts): number {
  const summaries = counts.MachineHealthStatusSummaries as Partial<Record<Health, number>>;
  return (summaries.Unavailable ?? 0) + (summaries.Unhealthy ?? 0) + (summaries.HasWarnings ?? 0);
}
