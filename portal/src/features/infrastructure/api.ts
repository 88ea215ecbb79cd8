import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams, type Shape } from "@/api/client";
import type { Environment, Target } from "@/api/reference";
import type { Condition } from "@/lib/state";

export const connectionQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["target", id, "connection"],
    queryFn: () => answer(api.GET("/api/{space}/machines/{id}/connection", { params: { path: { space, id } } })),
    refetchInterval: 10_000,
  });

export const targetQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["target", id],
    queryFn: () => answer(api.GET("/api/{space}/machines/{id}", { params: { path: { space, id } } })),
    refetchInterval: 10_000,
  });

export function useAddEnvironment(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Pick<Environment, "Name" | "Description">) =>
      answer(api.POST("/api/{space}/environments", { params: { path: { space } }, body: body<Environment>(given) })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["environments", space] }),
  });
}

/** Takes a target out of deployments, or back in. */
export function useEnable(space: string, target: Target) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (enabled: boolean) =>
      answer(
        api.PUT("/api/{space}/machines/{id}", {
          params: { path: { space, id: target.Id } },
          body: { ...target, IsDisabled: !enabled },
        }),
      ),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["targets", space] }),
        client.invalidateQueries({ queryKey: ["target", target.Id] }),
      ]),
  });
}

/** Asks for a health check; its answer is the task that does it. */
export function useCheckHealth(space: string) {
  return useMutation({
    mutationFn: (targets: string[]) => {
      const given = { Name: "Health", Description: "Check the health of targets", Arguments: { MachineIds: targets } };
      const task = body<Shape<"Task">>(given as unknown as Partial<Shape<"Task">>);
      return answer(api.POST("/api/{space}/tasks", { params: { path: { space } }, body: task }));
    },
  });
}

const HEALTH: Record<string, { of: Condition; word: string }> = {
  Healthy: { of: "success", word: "Healthy" },
  HasWarnings: { of: "warning", word: "Has warnings" },
  Unhealthy: { of: "failed", word: "Unhealthy" },
  Unavailable: { of: "failed", word: "Unavailable" },
};

export function healthOf(target: Pick<Target, "HealthStatus" | "IsDisabled">): { of: Condition; word: string } {
  if (target.IsDisabled) return { of: "cancelled", word: "Disabled" };
  return HEALTH[target.HealthStatus] ?? { of: "pending", word: "Not checked" };
}

const STYLES: Record<string, string> = {
  TentaclePassive: "Listening agent",
  TentacleActive: "Polling agent",
  Ssh: "SSH",
  OfflineDrop: "Offline package drop",
  Kubernetes: "Kubernetes cluster",
  KubernetesTentacle: "Kubernetes agent",
  None: "Cloud region",
};

export function kindOf(endpoint: Shape<"Endpoint">): string {
  return STYLES[endpoint.CommunicationStyle] ?? endpoint.CommunicationStyle;
}

/** One page of the environments, in their order. */
export const environmentPageQuery = (space: string, { q, page }: { q: string; page: number }) =>
  queryOptions({
    queryKey: ["environments", space, "page", q, page],
    queryFn: () => {
      const params = { path: { space }, query: listParams({ q, page }) };
      return answer(api.GET("/api/{space}/environments", { params }));
    },
    placeholderData: keepPreviousData,
  });
