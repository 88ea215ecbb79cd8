import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams, type Shape } from "@/api/client";
import type { Home } from "./api";

export type Run = Shape<"RunbooksDashboardItem">;
export type Preview = Shape<"RunbookRunPreview">;
export type RunParameters = Shape<"RunbookRunParameters">;

/** What narrows a list of runs; the names are the API's. */
export interface RunFilters {
  runbooks?: string;
  projects?: string;
  environments?: string;
  tenants?: string;
  taskState?: string;
}

/** A page of runs, newest first, each with how its task stands. */
export const runPageQuery = (space: string, page: number, filters: RunFilters) =>
  queryOptions({
    queryKey: ["runs", space, page, filters],
    queryFn: async () => {
      const query = listParams({ q: "", page }, { ...filters });
      const found = await answer(api.GET("/api/{space}/runbookRuns", { params: { path: { space }, query } }));
      return { ...found, Items: await withTasks(space, found.Items) };
    },
    placeholderData: keepPreviousData,
    refetchInterval: 5000,
  });

export const runsOfSnapshotQuery = (space: string, id: string, page: number) =>
  queryOptions({
    queryKey: ["runs", space, "of-snapshot", id, page],
    queryFn: async () => {
      const params = { path: { space, id }, query: listParams({ q: "", page }) };
      const found = await answer(api.GET("/api/{space}/runbookSnapshots/{id}/runbookRuns", { params }));
      return { ...found, Items: await withTasks(space, found.Items) };
    },
    placeholderData: keepPreviousData,
    refetchInterval: 5000,
  });

async function withTasks(space: string, runs: Shape<"RunbookRun">[]): Promise<Run[]> {
  if (runs.length === 0) return [];
  const query = { taskIds: runs.map((one) => one.TaskId).join(","), take: String(runs.length) };
  return answer(api.GET("/api/{space}/progression/runbooks/taskRuns", { params: { path: { space }, query } }));
}

/** The newest run of each runbook in each environment. */
export const newestRunsQuery = (space: string, runbooks: readonly string[]) =>
  queryOptions({
    queryKey: ["runs", space, "newest", runbooks],
    queryFn: () => {
      const query = { runbookIds: runbooks.join(","), newestOnly: "true", take: "1000" };
      return answer(api.GET("/api/{space}/progression/runbooks/taskRuns", { params: { path: { space }, query } }));
    },
    enabled: runbooks.length > 0,
    refetchInterval: 5000,
  });

/** What is run: a snapshot, or the runbook as it is now. */
export interface Subject {
  runbook: string;
  snapshot: string | null;
}

export interface RunPlace {
  EnvironmentId: string;
  TenantId: string | null;
}

/** What runs in these places would do, in their order. */
export const previewsQuery = (home: Home, { runbook, snapshot }: Subject, places: readonly RunPlace[]) =>
  queryOptions({
    queryKey: ["run-previews", home, runbook, snapshot, places],
    queryFn: (): Promise<Preview[]> => {
      const { space, project: project_id, branch: git_ref } = home;
      const wanted = places.map((place) => ({ ...place, IncludeDisabledSteps: true }));
      const asked = { DeploymentPreviews: wanted, IncludeDisabledSteps: true };
      if (git_ref !== null) {
        const params = { path: { space, project_id, git_ref, id: runbook } };
        const path = "/api/{space}/projects/{project_id}/{git_ref}/runbooks/{id}/runbookRuns/previews";
        return answer(api.POST(path, { params, body: asked }));
      }
      if (snapshot !== null) {
        const params = { path: { space, id: snapshot } };
        return answer(api.POST("/api/{space}/runbookSnapshots/{id}/runbookRuns/previews", { params, body: asked }));
      }
      const params = { path: { space, id: runbook } };
      return answer(api.POST("/api/{space}/runbooks/{id}/runbookRuns/previews", { params, body: asked }));
    },
    enabled: places.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** Starts runs; answers one for each environment and tenant. */
export function useRun(home: Home, runbook: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (given: Partial<RunParameters>): Promise<Shape<"RunbookRun">[]> => {
      const { space, project: project_id, branch: git_ref } = home;
      const wanted = body<RunParameters>(given);
      if (git_ref === null) {
        const params = { path: { space, id: runbook } };
        return answer(api.POST("/api/{space}/runbooks/{id}/runbookRuns/create", { params, body: wanted }));
      }
      const params = { path: { space, project_id, git_ref, id: runbook } };
      const command = body<Shape<"RunGitRunbookParameters">>({ Runs: [wanted] });
      const path = "/api/{space}/projects/{project_id}/{git_ref}/runbooks/{id}/run/v1";
      return (await answer(api.POST(path, { params, body: command }))).Resources;
    },
    onSuccess: () => Promise.all(["runs", "tasks"].map((one) => client.invalidateQueries({ queryKey: [one] }))),
  });
}
