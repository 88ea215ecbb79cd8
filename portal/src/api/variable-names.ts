import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import type { KnownVariable } from "@/components/code/variables";
import { answer, api } from "./client";
import { SYSTEM_VARIABLES } from "./system-variables";

/** The names that a project has, by itself, by its library sets and by its templates. */
export const variableNamesQuery = (space: string, project: string) =>
  queryOptions({
    queryKey: ["variable-names", space, project],
    queryFn: () => answer(api.GET("/api/{space}/variables/names", { params: { path: { space }, query: { project } } })),
    staleTime: 30_000,
  });

/**
 * What a text of the project may name, for completion: its own variables first, then those of the system. Without a
 * project (in the library) those of the system alone.
 */
export function useVariableNames(space: string, projectId: string | null | undefined): readonly KnownVariable[] {
  const { data } = useQuery({ ...variableNamesQuery(space, projectId ?? ""), enabled: Boolean(projectId) });
  return useMemo(() => [...(data ?? []).map((name) => ({ name, about: "variable" })), ...SYSTEM_VARIABLES], [data]);
}
