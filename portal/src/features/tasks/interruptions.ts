import { queryOptions, useMutation } from "@tanstack/react-query";
import { answer, api, EVERYTHING, type Shape } from "@/api/client";
import type { Task } from "./api";
import { useRenewTask } from "./queries";

export type Interruption = Shape<"Interruption">;
export type Form = NonNullable<Interruption["Form"]>;
export type Answers = Record<string, string>;

export const interruptionsQuery = (space: string, task: Task) =>
  queryOptions({
    queryKey: ["interruptions", task.Id],
    queryFn: async () => {
      const query = { regarding: task.Id, ...EVERYTHING };
      return (await answer(api.GET("/api/{space}/interruptions", { params: { path: { space }, query } }))).Items;
    },
    refetchInterval: task.IsCompleted ? false : 5000,
  });

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: ["user", id],
    queryFn: () => answer(api.GET("/api/users/{id}", { params: { path: { id } } })),
    staleTime: 5 * 60_000,
  });

export function useTakeResponsibility(space: string, asked: Interruption) {
  return useMutation({ mutationFn: () => take(space, asked.Id), onSettled: useRenewTask(asked.TaskId) });
}

/** Answers; who has not taken it on yet does so with the answer. */
export function useAnswer(space: string, asked: Interruption) {
  return useMutation({
    mutationFn: async (answers: Answers) => {
      if (!asked.HasResponsibility) await take(space, asked.Id);
      const params = { path: { space, id: asked.Id } };
      return answer(api.POST("/api/{space}/interruptions/{id}/submit", { params, body: answers as never }));
    },
    onSettled: useRenewTask(asked.TaskId),
  });
}

function take(space: string, id: string) {
  return answer(api.PUT("/api/{space}/interruptions/{id}/responsible", { params: { path: { space, id } } }));
}

export function formOf(asked: Interruption): Form {
  return asked.Form ?? { Values: {}, Elements: [] };
}
