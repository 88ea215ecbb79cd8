import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "./client";

type Process = Pick<Shape<"DeploymentProcess">, "Steps">;

/** Something that an action takes from elsewhere: a package, or files of a Git repository. */
export interface Place {
  slug: string;
  /** Of the reference; empty for the primary one. */
  name: string;
  title: string;
}

export interface ProcessPlaces {
  packages: Place[];
  repositories: Place[];
}

/** What the steps of a project's deployment process take from elsewhere; on a branch, or (with null) in the database. */
export const processPlacesQuery = (space: string, project: string, branch: string | null) =>
  queryOptions({
    queryKey: ["process-places", project, branch],
    queryFn: async (): Promise<ProcessPlaces> => {
      const actions = (await processOf(space, project, branch)).Steps.flatMap((step) => step.Actions);
      const place = (action: (typeof actions)[number], name: string | null) => ({
        slug: action.Slug,
        name: name ?? "",
        title: name ? `${action.Name}: ${name}` : action.Name,
      });
      return {
        packages: actions.flatMap((action) => action.Packages.map((one) => place(action, one.Name))),
        repositories: actions.flatMap((action) => action.GitDependencies.map((one) => place(action, one.Name))),
      };
    },
  });

async function processOf(space: string, project: string, branch: string | null): Promise<Process> {
  if (branch === null) {
    const params = { path: { space, project_id: project } };
    return answer(api.GET("/api/{space}/projects/{project_id}/deploymentprocesses", { params }));
  }
  const params = { path: { space, id: project, git_ref: branch } };
  return answer(api.GET("/api/{space}/projects/{id}/{git_ref}/deploymentprocesses", { params }));
}
