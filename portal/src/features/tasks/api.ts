import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, pageOf, type Shape } from "@/api/client";

export type Task = Shape<"Task">;

export const PAGE_SIZE = 30;

/** The lists that the tasks screen offers, with what each asks of the API. */
export const SHOWN = {
  all: { label: "All", query: {} },
  active: { label: "Active", query: { active: "true" } },
  waiting: { label: "Waiting for a person", query: { hasPendingInterruptions: "true" } },
  failed: { label: "Failed", query: { states: "Failed,TimedOut" } },
} as const;

export type Shown = keyof typeof SHOWN;

export const tasksQuery = (space: string, shown: Shown, page: number) =>
  queryOptions({
    queryKey: ["tasks", space, shown, page],
    queryFn: () =>
      answer(
        api.GET("/api/{space}/tasks", {
          params: { path: { space }, query: { ...SHOWN[shown].query, ...pageOf(page, PAGE_SIZE) } },
        }),
      ),
    placeholderData: keepPreviousData,
    refetchInterval: 4000,
  });

/** How many tasks are at work or wait for a person, for the navigation. */
export const taskCountsQuery = (space: string) =>
  queryOptions({
    queryKey: ["task-counts", space],
    queryFn: async () => {
      const page = await answer(api.GET("/api/{space}/tasks", { params: { path: { space }, query: { take: "0" } } }));
      const counts = (page as unknown as { TotalCounts: Record<string, number> }).TotalCounts;
      const waiting = counts.Interrupted ?? 0;
      return { active: sum(counts.Executing, counts.Queued, counts.Cancelling) - waiting, waiting };
    },
    refetchInterval: 5000,
  });

function sum(...counts: (number | undefined)[]): number {
  return counts.reduce<number>((total, count) => total + (count ?? 0), 0);
}
