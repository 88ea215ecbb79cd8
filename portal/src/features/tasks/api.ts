import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, listParams, type Shape } from "@/api/client";

export type Task = Shape<"Task">;

/** The lists that the tasks screen offers, with what each asks of the API. */
export const SHOWN = {
  all: { label: "All", query: {} },
  active: { label: "Active", query: { active: "true" } },
  waiting: { label: "Waiting for a person", query: { hasPendingInterruptions: "true" } },
  failed: { label: "Failed", query: { states: "Failed,TimedOut" } },
  warned: { label: "With warnings", query: { hasWarningsOrErrors: "true" } },
} as const;

export type Shown = keyof typeof SHOWN;

export type TaskFilter = "show" | "kind" | "project" | "environment" | "tenant" | "runbook" | "node" | "own";

interface List {
  q: string;
  page: number;
  filters: { [key in TaskFilter]?: string };
}

export function shownOf(show: string | undefined): Shown {
  return show !== undefined && show in SHOWN ? (show as Shown) : "all";
}

/** One page of the tasks, newest first; `own`: without those of the server itself, which belong to no space. */
export const taskPageQuery = (space: string, { q, page, filters }: List) =>
  queryOptions({
    queryKey: ["tasks", space, q, page, filters],
    queryFn: () => {
      const { show, kind, own, ...others } = filters;
      const query = {
        ...listParams({ q, page }, { name: kind, spaces: own ? space : undefined, ...others }),
        ...SHOWN[shownOf(show)].query,
      };
      return answer(api.GET("/api/{space}/tasks", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 4000,
  });

/** The kinds of task that there are, by name. */
export const taskKindsQuery = (space: string) =>
  queryOptions({
    queryKey: ["task-kinds"],
    queryFn: () => answer(api.GET("/api/{space}/tasks/tasktypes", { params: { path: { space } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The server's nodes, which tasks run on. */
export const nodesQuery = queryOptions({
  queryKey: ["nodes", "names"],
  queryFn: async () => (await answer(api.GET("/api/octopusservernodes/all"))).map((one) => one.Name),
  staleTime: 60_000,
  retry: false,
});

/** Cancels several tasks; answers how many of them could not be. */
export function useCancelMany(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (ids: readonly string[]) => {
      const results = await Promise.allSettled(
        ids.map((id) => answer(api.POST("/api/{space}/tasks/{id}/cancel", { params: { path: { space, id } } }))),
      );
      return results.flatMap((one) => (one.status === "rejected" ? [one.reason as unknown] : []));
    },
    onSettled: () =>
      Promise.all(["tasks", "task-counts", "dashboard"].map((one) => client.invalidateQueries({ queryKey: [one] }))),
  });
}

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
