import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";

export type Dashboard = Shape<"Dashboard">;
export type DashboardItem = Shape<"DashboardItem">;

const ACTIVE = 2000;
const QUIET = 6000;

/** Asked for again every few seconds; more often while something is at work. */
export const dashboardQuery = (space: string) =>
  queryOptions({
    queryKey: ["dashboard", space],
    queryFn: () => answer(api.GET("/api/{space}/dashboard", { params: { path: { space } } })),
    refetchInterval: (query) => (query.state.data?.Items.some((item) => !item.IsCompleted) ? ACTIVE : QUIET),
  });

/** Tasks that go on only when somebody answers. */
export const askingTasksQuery = (space: string) =>
  queryOptions({
    queryKey: ["tasks", space, "asking"],
    queryFn: async () => {
      const query = { hasPendingInterruptions: "true", active: "true", take: "20" };
      return (await answer(api.GET("/api/{space}/tasks", { params: { path: { space }, query } }))).Items;
    },
    refetchInterval: 5000,
  });
