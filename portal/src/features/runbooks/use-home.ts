import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Project } from "@/api/reference";
import { useBranch } from "@/components/branch-picker";
import { useProject } from "@/lib/use-project";
import { type Home, type Runbook, runbookQuery } from "./api";

/** Where the runbooks of the project that is shown are kept. */
export function useHome(): { home: Home; project: Project } {
  const { space, project } = useProject();
  return { home: { space, project: project.Id, branch: useBranch(project) }, project };
}

/** The runbook of the tab that is shown; its frame shows tabs only when it is there. */
export function useRunbook(): { home: Home; project: Project; runbook: Runbook } {
  const { home, project } = useHome();
  const { runbook: named = "" } = useParams({ strict: false });
  const { data } = useQuery(runbookQuery(home, named));
  if (!data) throw new Error("A tab of a runbook is shown only within its frame.");
  return { home, project, runbook: data };
}
