import { useQuery } from "@tanstack/react-query";
import type { Project } from "@/api/reference";
import { useBranch } from "@/components/branch-picker";
import { branchVariablesQuery, includedSetsQuery, variableSetQuery } from "../api";

/** All that a project takes values from: its own variables, and those of the library sets that it includes. */
export function useEverything(space: string, project: Project) {
  const branch = useBranch(project);
  const inDatabase = useQuery({ ...variableSetQuery(space, project.VariableSetId), enabled: branch === null });
  const onBranch = useQuery({ ...branchVariablesQuery(space, project, branch ?? ""), enabled: branch !== null });
  const sets = useQuery(includedSetsQuery(space, project.IncludedLibraryVariableSetIds));
  return { own: branch === null ? inDatabase : onBranch, sets, branch };
}
