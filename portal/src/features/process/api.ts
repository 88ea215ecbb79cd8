import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, api, type Shape } from "@/api/client";
import { useVariableNames } from "@/api/variable-names";
import type { KnownVariable } from "@/components/code/variables";
import { actionsOf, type Step } from "./model/document";

export type DeploymentProcess = Shape<"DeploymentProcess">;
export type RunbookProcess = Shape<"RunbookProcess">;
export type Offered = Shape<"ActionTemplateSearch">;
export type Template = Shape<"ActionTemplate">;
export type Parameter = Shape<"ActionTemplateParameter">;

/** Read again when the window is looked at, and now and then: somebody else may save meanwhile, which is told. */
const WATCHED = { staleTime: 10_000, refetchInterval: 30_000 } as const;

export const deploymentProcessQuery = (space: string, project: string, branch: string | null) =>
  queryOptions({
    queryKey: ["process", space, project, branch],
    queryFn: () => {
      if (branch === null) {
        const path = { space, project_id: project };
        return answer(api.GET("/api/{space}/projects/{project_id}/deploymentprocesses", { params: { path } }));
      }
      const path = { space, id: project, git_ref: branch };
      return answer(api.GET("/api/{space}/projects/{id}/{git_ref}/deploymentprocesses", { params: { path } }));
    },
    ...WATCHED,
  });

export const runbookProcessQuery = (space: string, project: string, id: string, branch: string | null) =>
  queryOptions({
    queryKey: ["runbook-process", space, project, id, branch],
    queryFn: () => {
      if (branch === null) {
        const path = { space, project_id: project, id };
        return answer(api.GET("/api/{space}/projects/{project_id}/runbookProcesses/{id}", { params: { path } }));
      }
      const path = { space, project_id: project, id, git_ref: branch };
      return answer(
        api.GET("/api/{space}/projects/{project_id}/{git_ref}/runbookProcesses/{id}", { params: { path } }),
      );
    },
    ...WATCHED,
  });

/** A runbook by its id or slug. */
export const runbookQuery = (space: string, project: string, id: string, branch: string | null) =>
  queryOptions({
    queryKey: ["runbook", space, project, id, branch],
    queryFn: () => {
      if (branch === null) {
        const path = { space, project_id: project, id };
        return answer(api.GET("/api/{space}/projects/{project_id}/runbooks/{id}", { params: { path } }));
      }
      const path = { space, project_id: project, id, git_ref: branch };
      return answer(api.GET("/api/{space}/projects/{project_id}/{git_ref}/runbooks/{id}", { params: { path } }));
    },
    staleTime: 30_000,
  });

/** A save: `message` is that of the commit, for projects in Git, and `branch` where it goes. */
export interface Save<P> {
  process: P;
  message: string;
  branch: string | null;
}

export function useSaveDeploymentProcess(space: string, project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ process, message, branch }: Save<DeploymentProcess>) => {
      if (branch === null) {
        const params = { path: { space, project_id: project } };
        return answer(api.PUT("/api/{space}/projects/{project_id}/deploymentprocesses", { params, body: process }));
      }
      const params = { path: { space, id: project, git_ref: branch } };
      const body = { ...process, ChangeDescription: message || null };
      return answer(api.PUT("/api/{space}/projects/{id}/{git_ref}/deploymentprocesses", { params, body }));
    },
    onSuccess: (saved, { branch }) => {
      client.setQueryData(deploymentProcessQuery(space, project, branch).queryKey, saved);
      return client.invalidateQueries({ queryKey: ["variables", space, project] });
    },
  });
}

export function useSaveRunbookProcess(space: string, project: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ process, message, branch }: Save<RunbookProcess>) => {
      if (branch === null) {
        const params = { path: { space, project_id: project, id } };
        return answer(api.PUT("/api/{space}/projects/{project_id}/runbookProcesses/{id}", { params, body: process }));
      }
      const params = { path: { space, project_id: project, id, git_ref: branch } };
      const body = { ...process, ChangeDescription: message || null };
      return answer(api.PUT("/api/{space}/projects/{project_id}/{git_ref}/runbookProcesses/{id}", { params, body }));
    },
    onSuccess: (saved, { branch }) =>
      client.setQueryData(runbookProcessQuery(space, project, id, branch).queryKey, saved),
  });
}

/** Packages of a feed whose ids have the words in them. */
export const packageSearchQuery = (space: string, feed: string, term: string) =>
  queryOptions({
    queryKey: ["package-search", space, feed, term],
    queryFn: () => {
      const params = { path: { space, id: feed }, query: { term, take: "20", skip: "0" } };
      return answer(api.GET("/api/{space}/feeds/{id}/packages/search", { params }));
    },
    enabled: feed !== "" && !feed.includes("#{"),
    staleTime: 30_000,
    retry: false,
  });

/** What texts of a process may name: variables of the project and of the system, and what the steps are known to put out. */
export function useKnownVariables(space: string, project: string, steps: readonly Step[]): readonly KnownVariable[] {
  const named = useVariableNames(space, project);
  const names = actionsOf(steps)
    .map((action) => action.Name)
    .join("\n");
  return useMemo(() => {
    const outputs = names.split("\n").filter(Boolean);
    return [
      ...named,
      ...outputs.map((name) => ({ name: `Octopus.Action[${name}].Output.`, about: "output of the step" })),
    ];
  }, [named, names]);
}
