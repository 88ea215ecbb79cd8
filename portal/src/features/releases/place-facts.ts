import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";

export type Freeze = Shape<"DeploymentFreeze">;
export type Automatic = Shape<"AutomaticEnvironment">;

/** The freezes that hold now for a project. */
export const freezesQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["freezes", "active", projectId],
    queryFn: async () => {
      const query = { projectIds: projectId, status: "Active", take: "100" };
      return (await answer(api.GET("/api/deploymentfreezes", { params: { query } }))).DeploymentFreezes;
    },
    staleTime: 20_000,
  });

/** Where a release goes by itself, and how that stands. */
export const automaticQuery = (space: string, release: string) =>
  queryOptions({
    queryKey: ["progression", release, "automatic"],
    queryFn: () =>
      answer(api.GET("/api/{space}/releases/{id}/deployments/automatic", { params: { path: { space, id: release } } })),
    refetchInterval: 10_000,
  });

/** The freezes that hold for a project in an environment, whoever it is deployed for. */
export function freezesIn(freezes: readonly Freeze[], projectId: string, environment: string): Freeze[] {
  return freezes.filter((one) => one.ProjectEnvironmentScope[projectId]?.includes(environment));
}

/** When the time of a freeze that holds now is over. */
export function endOf(freeze: Freeze): string | null {
  return freeze.RecurringSchedule?.EndDate ?? freeze.End;
}
