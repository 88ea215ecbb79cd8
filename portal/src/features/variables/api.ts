import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, api, type Shape } from "@/api/client";
import { ApiError } from "@/api/errors";
import type { Project } from "@/api/reference";
import { toSend, type Variable } from "./model/variable";

export type VariableSet = Shape<"VariableSet">;

export const variableSetQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["variable-set", space, id],
    queryFn: () => answer(api.GET("/api/{space}/variables/{id}", { params: { path: { space, id } } })),
  });

/** A project in Git has its texts on the branch and its secrets in the database; both are edited together. */
export const branchVariablesQuery = (space: string, project: Project, branch: string) =>
  queryOptions({
    queryKey: ["variable-set", space, project.VariableSetId, branch],
    queryFn: async () => {
      const path = { space, id: project.Id, git_ref: branch };
      const [onBranch, secrets] = await Promise.all([
        answer(api.GET("/api/{space}/projects/{id}/{git_ref}/variables", { params: { path } })),
        answer(api.GET("/api/{space}/variables/{id}", { params: { path: { space, id: project.VariableSetId } } })),
      ]);
      return { ...onBranch, Variables: [...onBranch.Variables, ...secrets.Variables] };
    },
  });

/** What belongs to a project or a library set, and how it is written. */
export interface Saving {
  version: number;
  before: readonly Variable[];
  variables: readonly Variable[];
  /** The commit's message, for a project in Git. */
  message: string;
}

function putSet(space: string, id: string, { version, variables }: Pick<Saving, "version" | "variables">) {
  const body = { Id: id, Version: version, Variables: toSend(variables) } as VariableSet;
  return answer(api.PUT("/api/{space}/variables/{id}", { params: { path: { space, id } }, body }));
}

async function putOnBranch(space: string, project: Project, branch: string, saving: Saving): Promise<void> {
  const path = { space, id: project.Id, git_ref: branch };
  const given = { Version: saving.version, Variables: toSend(saving.variables), ChangeDescription: saving.message };
  const body = given as Shape<"ModifyVariableSetCommand">;
  await answer(api.PUT("/api/{space}/projects/{id}/{git_ref}/variables", { params: { path }, body }));
  await dropSecrets(space, project.VariableSetId, saving);
}

/** Writing a branch leaves secrets alone that are not sent; those that were deleted go by a write of their own. */
async function dropSecrets(space: string, id: string, { before, variables }: Saving): Promise<void> {
  const kept = new Set(variables.map((one) => one.Id));
  const gone = new Set(before.filter((one) => one.IsSensitive && !kept.has(one.Id)).map((one) => one.Id));
  if (gone.size === 0) return;
  const found = await answer(api.GET("/api/{space}/variables/{id}", { params: { path: { space, id } } }));
  await putSet(space, id, { version: found.Version, variables: found.Variables.filter((one) => !gone.has(one.Id)) });
}

/** Writes the variables of a set, and gives the set as it is then. */
export function useSaveSet(space: string, id: string): (saving: Saving) => Promise<VariableSet> {
  const client = useQueryClient();
  return async (saving) => {
    const saved = await orRead(putSet(space, id, saving), client, space, id);
    client.setQueryData(variableSetQuery(space, id).queryKey, saved);
    await forget(client, space);
    return saved;
  };
}

export function useSaveOnBranch(space: string, project: Project, branch: string) {
  const client = useQueryClient();
  return async (saving: Saving) => {
    await orRead(putOnBranch(space, project, branch, saving), client, space, project.VariableSetId);
    const saved = await client.fetchQuery(branchVariablesQuery(space, project, branch));
    await forget(client, space);
    return saved;
  };
}

/** Reads the set anew where a write is refused because of what somebody else has written: the editor merges both. */
async function orRead<T>(writing: Promise<T>, client: ReturnType<typeof useQueryClient>, space: string, id: string) {
  try {
    return await writing;
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) {
      void client.invalidateQueries({ queryKey: ["variable-set", space, id] });
    }
    throw error;
  }
}

/** What was worked out from variables is worked out anew. */
function forget(client: ReturnType<typeof useQueryClient>, space: string) {
  return Promise.all([
    client.invalidateQueries({ queryKey: ["variable-names", space] }),
    client.invalidateQueries({ queryKey: ["variables-preview", space] }),
    client.invalidateQueries({ queryKey: ["variables-explained", space] }),
  ]);
}

export type LibrarySet = Shape<"LibraryVariableSet">;

export const librarySetQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["library-set", space, id],
    queryFn: () => answer(api.GET("/api/{space}/libraryvariablesets/{id}", { params: { path: { space, id } } })),
  });

/** The library sets that a project includes, with their variables, in the order in which they are included. */
export const includedSetsQuery = (space: string, ids: readonly string[]) =>
  queryOptions({
    queryKey: ["library-set", space, "included", ids],
    queryFn: async () => {
      const take = String(ids.length);
      const [sets, variables] = await Promise.all([
        answer(
          api.GET("/api/{space}/libraryvariablesets", {
            params: { path: { space }, query: { ids: ids.join(","), take } },
          }),
        ),
        answer(
          api.GET("/api/{space}/variables", {
            params: { path: { space }, query: { ids: ids.map((id) => `variableset-${id}`).join(","), take } },
          }),
        ),
      ]);
      return ids.flatMap((id) => {
        const set = sets.Items.find((one) => one.Id === id);
        return set ? [{ set, variables: variables.Items.find((one) => one.OwnerId === id)?.Variables ?? [] }] : [];
      });
    },
    enabled: ids.length > 0,
  });

/** The accounts, certificates and worker pools that values name, by id. */
export function useValueNames(space: string, variables: readonly Variable[]): ReadonlyMap<string, string> {
  const ids = useMemo(() => {
    const found = variables.filter((one) => one.Type !== "String" && one.Type !== "Sensitive" && one.Value);
    return [...new Set(found.map((one) => one.Value ?? ""))].sort();
  }, [variables]);
  const { data } = useQuery({
    queryKey: ["value-names", space, ids],
    queryFn: async () => {
      const query = { ids: ids.join(","), take: String(ids.length) };
      const params = { path: { space }, query };
      const lists = await Promise.allSettled([
        answer(api.GET("/api/{space}/accounts", { params })),
        answer(api.GET("/api/{space}/certificates", { params })),
        answer(api.GET("/api/{space}/workerpools", { params })),
      ]);
      const found = new Map<string, string>();
      for (const list of lists) {
        // What one may not see has no name.
        if (list.status === "fulfilled") for (const one of list.value.Items) found.set(one.Id, one.Name ?? one.Id);
      }
      return found;
    },
    enabled: ids.length > 0,
    staleTime: 30_000,
  });
  return data ?? NONE;
}

const NONE: ReadonlyMap<string, string> = new Map();
