import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type Project, projectQuery } from "@/api/reference";

/** The project of the tab that is shown; the project's frame shows its tabs only when it is there. */
export function useProject(): { space: string; project: Project } {
  const { space = "", project: named = "" } = useParams({ strict: false });
  const { data } = useQuery(projectQuery(space, named));
  if (!data) throw new Error("A tab of a project is shown only within its frame.");
  return { space, project: data };
}
