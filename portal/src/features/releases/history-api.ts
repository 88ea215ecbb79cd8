import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api, pageOf, type Shape } from "@/api/client";
import { PAGE } from "@/lib/search";
import type { Deployment } from "./api";

export type Task = Shape<"Task">;

interface Shown {
  page: number;
  environment?: string;
  tenant?: string;
  state?: string;
}

/** One page of a release's deployments, newest first. */
export const releaseDeploymentsQuery = (space: string, release: string, { page, environment, tenant, state }: Shown) =>
  queryOptions({
    queryKey: ["progression", release, "deployments", page, environment, tenant, state],
    queryFn: () => {
      const query = {
        releases: release,
        ...(environment && { environments: environment }),
        ...(tenant && { tenants: tenant }),
        ...(state && { taskState: state }),
        ...pageOf(page, PAGE),
      };
      return answer(api.GET("/api/{space}/deployments", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

/** The tasks of the deployments, in one request; live as long as one of them is under way. */
export function useTasksOf(space: string, deployments: readonly Pick<Deployment, "TaskId">[]) {
  const ids = deployments.map((one) => one.TaskId);
  const { data } = useQuery({
    queryKey: ["progression", "tasks", [...ids].sort()],
    queryFn: async () => {
      const query = { ids: ids.join(","), take: String(ids.length) };
      return (await answer(api.GET("/api/{space}/tasks", { params: { path: { space }, query } }))).Items;
    },
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.every((one) => one.IsCompleted) ? false : pauseFor(ids.length)),
  });
  return (id: string): Task | undefined => data?.find((one) => one.Id === id);
}

/** Hundreds of tasks are asked for less often than a few. */
function pauseFor(tasks: number): number {
  return tasks <= 50 ? 3000 : 15_000;
}

/** One page of the tenants that are connected to a project. */
export const connectedTenantsQuery = (space: string, projectId: string, { q, page }: { q: string; page: number }) =>
  queryOptions({
    queryKey: ["tenants", space, "of", projectId, q, page],
    queryFn: () => {
      const query = { projectId, ...pageOf(page, PAGE), ...(q.trim() && { partialName: q.trim() }) };
      return answer(api.GET("/api/{space}/tenants", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
  });

/** What a release has been deployed to for some tenants: enough of the newest to tell the last of each place. */
export const tenantDeploymentsQuery = (space: string, release: string, tenants: readonly string[]) =>
  queryOptions({
    queryKey: ["progression", release, "tenants", [...tenants].sort()],
    queryFn: async () => {
      const query = { releases: release, tenants: tenants.join(","), take: "500" };
      return (await answer(api.GET("/api/{space}/deployments", { params: { path: { space }, query } }))).Items;
    },
    enabled: tenants.length > 0,
    refetchInterval: 8000,
  });
