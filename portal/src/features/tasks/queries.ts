import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useCallback } from "react";
import { answer, api, type Shape } from "@/api/client";
import type { Task } from "./api";

export type Waiting = Shape<"TaskWaiting">;

export const taskQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["task", id],
    queryFn: () => answer(api.GET("/api/{space}/tasks/{id}", { params: { path: { space, id } } })),
    refetchInterval: (query) => (query.state.data?.IsCompleted ? false : 5000),
  });

/** Why a task is not running: it is asked only of tasks that wait. */
export const waitingQuery = (space: string, task: Task) =>
  queryOptions({
    queryKey: ["task", task.Id, "waiting"],
    queryFn: () => answer(api.GET("/api/{space}/tasks/{id}/waiting", { params: { path: { space, id: task.Id } } })),
    enabled: !task.IsCompleted,
    refetchInterval: 4000,
  });

export function useCancel(space: string, id: string) {
  const renew = useRenewTask(id);
  return useMutation({
    mutationFn: () => answer(api.POST("/api/{space}/tasks/{id}/cancel", { params: { path: { space, id } } })),
    onSettled: renew,
  });
}

/** A new task that goes on where this one stood. */
export function useResume(space: string, id: string) {
  return useMutation({
    mutationFn: () => answer(api.POST("/api/{space}/tasks/{id}/resume", { params: { path: { space, id } } })),
  });
}

/** A new task that does the same from its first step. */
export function useRerun(space: string, id: string) {
  const renew = useRenewTask(id);
  return useMutation({
    mutationFn: () => answer(api.POST("/api/{space}/tasks/rerun/{id}", { params: { path: { space, id } } })),
    onSettled: renew,
  });
}

export function usePrioritize(space: string, id: string) {
  const renew = useRenewTask(id);
  return useMutation({
    mutationFn: () => answer(api.POST("/api/{space}/tasks/{id}/prioritize", { params: { path: { space, id } } })),
    onSettled: renew,
  });
}

export function useSetState(space: string, id: string) {
  const renew = useRenewTask(id);
  return useMutation({
    mutationFn: (body: Shape<"ModifyTaskState">) =>
      answer(api.POST("/api/{space}/tasks/{id}/state", { params: { path: { space, id } }, body })),
    onSuccess: renew,
  });
}

/** Another time for a deployment that has not begun. */
export function useReschedule(space: string, deployment: string, task: string) {
  const renew = useRenewTask(task);
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Shape<"RescheduleDeploymentCommand">) => {
      const params = { path: { space, id: deployment } };
      return answer(api.POST("/api/{space}/deployments/{id}/schedule", { params, body }));
    },
    onSuccess: (changed) => {
      client.setQueryData(["deployment", deployment], changed);
      renew();
    },
  });
}

interface Highlights {
  lines: readonly Shape<"LogTreeLine">[];
  /** How far the log has been looked through; what follows is asked for next. */
  after: number;
}

const MOST_HIGHLIGHTS = 100;

/** The lines that a task wants to be read first. A long log is looked through in parts, and no part twice. */
export const highlightsQuery = (space: string, task: Task) =>
  queryOptions({
    queryKey: ["task", task.Id, "highlights"],
    queryFn: async ({ client, queryKey }): Promise<Highlights> => {
      let { lines, after } = client.getQueryData<Highlights>(queryKey) ?? { lines: [], after: 0 };
      while (lines.length < MOST_HIGHLIGHTS) {
        const query = { levels: "Highlight", take: String(MOST_HIGHLIGHTS), after: String(after) };
        const params = { path: { space, id: task.Id }, query };
        const part = await answer(api.GET("/api/{space}/tasks/{id}/log", { params }));
        const isMoved = part.LastNumber > after;
        lines = [...lines, ...part.Lines];
        after = Math.max(after, part.LastNumber);
        if (!isMoved || after >= part.TotalLines) break;
      }
      return { lines, after };
    },
    refetchInterval: task.IsCompleted ? false : 6000,
  });

/** Asks anew for all that the screens show of a task, and for the lists and overviews in which it appears. */
export function useRenewTask(id: string): () => void {
  const client = useQueryClient();
  return useCallback(() => {
    for (const queryKey of [["task", id], ["interruptions", id], ["task-counts"]])
      void client.invalidateQueries({ queryKey });
    for (const queryKey of [["dashboard"], ["progression"], ["tasks"]]) {
      void client.invalidateQueries({ queryKey, refetchType: "none" });
    }
  }, [client, id]);
}
