import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Project } from "@/api/reference";
import { useBranch } from "@/components/branch-picker";
import { useProject } from "@/lib/use-project";
import { type Home, type Runbook, runbookQuery } from "./api";

/** Where the runbooks of a project are kept: a project in Git may still have them in the database. */
export function useHomeOf(space: string, project: Project): Home {
  const branch = useBranch(project);
  const isInGit = project.PersistenceSettings?.ConversionState?.RunbooksAreInGit ?? false;
  return { space, project: project.Id, branch: isInGit ? branch : null };
}

/** The same of the project that is shown. */
export function useHome(): { home: Home; project: Project } {
  const { space, project } = useProject();
  return { home: useHomeOf(space, project), project };
}

/** Links within a project stay on the branch that is shown. */
export const keepBranch = (old: { branch?: string }) => ({ branch: old.branch });

/** The runbook of the tab that is shown; its frame shows tabs only when it is there. */
export function useRunbook(): { home: Home; project: Project; runbook: Runbook } {
  const { home, project } = useHome();
  const { runbook: named = "" } = useParams({ strict: false });
  const { data } = useQuery(runbookQuery(home, named));
  if (!data) throw new Error("A tab of a runbook is shown only within its frame.");
  return { home, project, runbook: data };
}
