import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { Progress } from "./steps";

const ONE = { take: "1" };

/** How far the space is, read from what it has. */
export const progressQuery = (space: string) =>
  queryOptions({
    queryKey: ["first-steps", space],
    queryFn: async (): Promise<Progress> => {
      const at = { params: { path: { space }, query: ONE } };
      const succeeded = { path: { space }, query: { ...ONE, name: "Deploy", states: "Success" } };
      const [environments, targets, projects, releases, deployments, successes] = await Promise.all([
        answer(api.GET("/api/{space}/environments", at)),
        answer(api.GET("/api/{space}/machines", at)),
        answer(api.GET("/api/{space}/projects", { params: { path: { space }, query: { take: "30" } } })),
        answer(api.GET("/api/{space}/releases", at)),
        answer(api.GET("/api/{space}/deployments", at)),
        answer(api.GET("/api/{space}/tasks", { params: succeeded })),
      ]);
      const ids = projects.Items.map((project) => project.Id).join(",");
      const summaries = ids
        ? await answer(
            api.GET("/api/{space}/projects/experimental/summaries", { params: { path: { space }, query: { ids } } }),
          )
        : [];
      const release = releases.Items[0];
      const begun = summaries.find((one) => one.HasDeploymentProcess) ?? summaries[0];
      const released = release && projects.Items.find((project) => project.Id === release.ProjectId);
      return {
        hasEnvironment: environments.TotalResults > 0,
        hasTarget: targets.TotalResults > 0,
        project: released?.Slug ?? begun?.Slug ?? null,
        hasProcess: releases.TotalResults > 0 || summaries.some((one) => one.HasDeploymentProcess),
        version: release?.Version ?? null,
        lastDeployment: deployments.Items[0]?.Id ?? null,
        hasSucceeded: successes.TotalResults > 0,
      };
    },
    refetchInterval: (query) => (query.state.data?.hasSucceeded ? false : 5000),
  });
