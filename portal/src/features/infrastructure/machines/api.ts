import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams, pageOf, type Shape } from "@/api/client";
import { PAGE } from "@/lib/search";
import { type Machine, type Realm, TARGETS, type Target, type Worker } from "./realm";

/** The types of targets stand for those of workers too, which have the same routes. */
function pathOf(realm: Realm) {
  return `/api/{space}/${realm.kind}` as "/api/{space}/machines";
}

type Filters = Record<string, string | undefined>;

export const machinePageQuery = (realm: Realm, space: string, list: { q: string; page: number }, filters: Filters) =>
  queryOptions({
    queryKey: [realm.kind, space, "page", list.q, list.page, filters],
    queryFn: () => {
      const params = { path: { space }, query: listParams(list, filters) };
      return answer(api.GET(pathOf(realm), { params })) as Promise<{ Items: Machine[]; TotalResults: number }>;
    },
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

export const machineQuery = (realm: Realm, space: string, id: string) =>
  queryOptions({
    queryKey: [realm.kind, space, "one", id],
    queryFn: () =>
      answer(
        api.GET(`${pathOf(realm)}/{id}` as "/api/{space}/machines/{id}", { params: { path: { space, id } } }),
      ) as Promise<Machine>,
    refetchInterval: 10_000,
  });

export const connectionQuery = (realm: Realm, space: string, id: string) =>
  queryOptions({
    queryKey: [realm.kind, space, "one", id, "connection"],
    queryFn: () => {
      const path = `${pathOf(realm)}/{id}/connection` as "/api/{space}/machines/{id}/connection";
      return answer(api.GET(path, { params: { path: { space, id } } }));
    },
    refetchInterval: 10_000,
  });

export const machineTasksQuery = (realm: Realm, space: string, id: string, page: number) =>
  queryOptions({
    queryKey: [realm.kind, space, "one", id, "tasks", page],
    queryFn: () => {
      const path = `${pathOf(realm)}/{id}/tasks` as "/api/{space}/machines/{id}/tasks";
      return answer(api.GET(path, { params: { path: { space, id }, query: pageOf(page, PAGE) } }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: 10_000,
  });

/** A machine of just this name, if there is one by now; asked again every two seconds. */
export const awaitedQuery = (realm: Realm, space: string, name: string) =>
  queryOptions({
    queryKey: [realm.kind, space, "awaited", name],
    queryFn: async () => {
      const params = { path: { space }, query: { name, take: "1" } };
      const found = (await answer(api.GET(pathOf(realm), { params }))) as { Items: Machine[] };
      return found.Items[0] ?? null;
    },
    enabled: name !== "",
    refetchInterval: 2000,
  });

function useRefresh(realm: Realm, space: string) {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: [realm.kind, space] }),
      client.invalidateQueries({ queryKey: ["summary", space] }),
      client.invalidateQueries({ queryKey: ["target-tags", space] }),
    ]);
}

export function useCreateMachine<M extends Machine>(realm: Realm, space: string) {
  const refresh = useRefresh(realm, space);
  return useMutation({
    mutationFn: (machine: M) =>
      answer(
        api.POST(pathOf(realm), { params: { path: { space } }, body: machine as Target }),
      ) as Promise<unknown> as Promise<M>,
    onSuccess: refresh,
  });
}

export function useSaveMachine<M extends Machine>(realm: Realm, space: string) {
  const refresh = useRefresh(realm, space);
  return useMutation({
    mutationFn: (machine: M) => saved(realm, space, machine),
    onSuccess: refresh,
  });
}

function saved<M extends Machine>(realm: Realm, space: string, machine: M): Promise<M> {
  const path = `${pathOf(realm)}/{id}` as "/api/{space}/machines/{id}";
  const params = { path: { space, id: machine.Id } };
  return answer(api.PUT(path, { params, body: machine as Target })) as Promise<unknown> as Promise<M>;
}

function removed(realm: Realm, space: string, id: string) {
  const path = `${pathOf(realm)}/{id}` as "/api/{space}/machines/{id}";
  return answer(api.DELETE(path, { params: { path: { space, id } } }));
}

export function useDeleteMachine(realm: Realm, space: string) {
  const refresh = useRefresh(realm, space);
  return useMutation({ mutationFn: (id: string) => removed(realm, space, id), onSuccess: refresh });
}

/** What happened to each of many machines: how many were done, and what was said about the others. */
export interface Outcome {
  done: number;
  refused: { name: string; error: unknown }[];
}

export type BulkDeed = "enable" | "disable" | "delete";

/** The API changes machines one by one; a refusal of one does not keep the others. */
export function useBulk(realm: Realm, space: string) {
  const refresh = useRefresh(realm, space);
  return useMutation({
    mutationFn: async ({ machines, deed }: { machines: readonly Machine[]; deed: BulkDeed }): Promise<Outcome> => {
      const outcome: Outcome = { done: 0, refused: [] };
      for (const machine of machines) {
        try {
          await (deed === "delete"
            ? removed(realm, space, machine.Id)
            : saved(realm, space, { ...machine, IsDisabled: deed === "disable" }));
          outcome.done += 1;
        } catch (error) {
          outcome.refused.push({ name: machine.Name, error });
        }
      }
      return outcome;
    },
    onSettled: refresh,
  });
}

/** Starts work on machines: its answer is the task that does it. */
export function useStartTask(space: string) {
  return useMutation({
    mutationFn: (given: { Name: string; Description?: string; Arguments: Record<string, unknown> }) => {
      const task = body<Shape<"Task">>(given as unknown as Partial<Shape<"Task">>);
      return answer(api.POST("/api/{space}/tasks", { params: { path: { space } }, body: task }));
    },
  });
}

export interface Address {
  host: string;
  port: string;
  type: "TentaclePassive" | "Ssh";
  proxyId?: string | null;
}

/** Asks an address who is there. */
export function useDiscover(realm: Realm, space: string) {
  return useMutation({
    mutationFn: ({ host, port, type, proxyId }: Address) => {
      const query = { host: host.trim(), port: port.trim(), type, ...(proxyId && { proxyId }) };
      const path = `${pathOf(realm)}/discover` as "/api/{space}/machines/discover";
      return answer(api.GET(path, { params: { path: { space }, query } })) as Promise<Machine>;
    },
  });
}

export function isTarget(machine: Machine): machine is Target {
  return "EnvironmentIds" in machine;
}

export function asWorker(machine: Machine): Worker {
  return machine as Worker;
}

export { TARGETS };
