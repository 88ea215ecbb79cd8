import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, listParams, type Shape } from "@/api/client";

export type Matrix = Shape<"DashboardMatrix">;
export type Row = Shape<"DashboardRow">;
export type Cell = Shape<"DashboardCell">;
export type Configuration = Shape<"DashboardConfiguration">;

const ACTIVE = 2000;
const QUIET = 6000;

/** What narrows the dashboard for now, beside what is configured. */
export const FILTERS = ["group", "environment", "tag", "tenant", "state"] as const;
export type Filter = (typeof FILTERS)[number];

interface Shown {
  q: string;
  page: number;
  filters: { [name in Filter]?: string };
}

/** One page of projects. Asked for again every few seconds; more often while something is at work. */
export const matrixQuery = (space: string, { q, page, filters }: Shown) =>
  queryOptions({
    queryKey: ["dashboard", space, q, page, filters],
    queryFn: async () => {
      const { group, environment, tag, tenant, state } = filters;
      const narrowed = { projectGroup: group, environment, projectTag: tag, tenant, state };
      const params = { path: { space }, query: listParams({ q, page }, narrowed) };
      const matrix = await answer(api.GET("/api/{space}/dashboard/matrix", { params }));
      return { ...matrix, Items: matrix.Rows };
    },
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.Rows.some(isActive) ? ACTIVE : QUIET),
  });

function isActive(row: Row): boolean {
  return row.Cells.some((cell) => !cell.Item.IsCompleted || cell.ActiveTenants > 0);
}

export const configurationQuery = (space: string) =>
  queryOptions({
    queryKey: ["dashboard-configuration", space],
    queryFn: () => answer(api.GET("/api/{space}/dashboardconfiguration", { params: { path: { space } } })),
  });

export function useConfigure(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Configuration) =>
      answer(api.PUT("/api/{space}/dashboardconfiguration", { params: { path: { space } }, body: given })),
    onSuccess: (saved) => {
      client.setQueryData(configurationQuery(space).queryKey, saved);
      return client.invalidateQueries({ queryKey: ["dashboard", space] });
    },
  });
}

const tasksOf = async (space: string, query: Record<string, string>) =>
  (await answer(api.GET("/api/{space}/tasks", { params: { path: { space }, query } }))).Items;

/** Tasks that go on only when somebody answers. */
export const askingTasksQuery = (space: string) =>
  queryOptions({
    queryKey: ["tasks", space, "asking"],
    queryFn: () => tasksOf(space, { hasPendingInterruptions: "true", active: "true", take: "20" }),
    refetchInterval: 5000,
  });

export const MOST_FAILURES = 10;

/** The tasks that failed last. */
export const failedTasksQuery = (space: string) =>
  queryOptions({
    queryKey: ["tasks", space, "failed"],
    queryFn: () => tasksOf(space, { states: "Failed,TimedOut", take: String(MOST_FAILURES) }),
    refetchInterval: 15_000,
  });
