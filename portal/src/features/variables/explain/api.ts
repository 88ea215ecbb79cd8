import { queryOptions } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";

export type Explanation = Shape<"VariableExplanation">;
export type Considered = Shape<"ConsideredValue">;

/** The place that variables are looked at from. What is left out is nowhere in particular. */
export interface Place {
  environment?: string;
  target?: string;
  step?: string;
  channel?: string;
  tenant?: string;
  runbook?: string;
  role?: string;
}

/** Whose variables: of a project, on a branch if it is in Git. */
export interface Looked {
  space: string;
  project: string;
  branch: string | null;
}

function queryOf({ environment, target, step, channel, tenant, runbook, role }: Place) {
  const given = { environment, machine: target, action: step, channel, tenant, runbook, role };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value)) as Record<string, string>;
}

/** Every value of a variable, which one holds at the place, and why: by the server's own rules. */
export const explanationQuery = (looked: Looked, name: string, place: Place) =>
  queryOptions({
    queryKey: ["variables-explained", looked.space, looked.project, looked.branch, name, place],
    queryFn: () => {
      const { space, project, branch } = looked;
      const query = { name, ...queryOf(place) };
      if (branch !== null) {
        const path = { space, id: project, git_ref: branch };
        return answer(
          api.GET("/api/{space}/projects/{id}/{git_ref}/variables/explanation", { params: { path, query } }),
        );
      }
      const params = { path: { space }, query: { project, ...query } };
      return answer(api.GET("/api/{space}/variables/explanation", { params }));
    },
    enabled: name !== "",
    retry: false,
  });

/** The one value of every variable at the place, filled in; secrets are masked. */
export const previewQuery = (looked: Looked, place: Place) =>
  queryOptions({
    queryKey: ["variables-preview", looked.space, looked.project, looked.branch, place],
    queryFn: () => {
      const { space, project, branch } = looked;
      const query = queryOf(place);
      if (branch !== null) {
        const path = { space, id: project, git_ref: branch };
        return answer(api.GET("/api/{space}/projects/{id}/{git_ref}/variables/preview", { params: { path, query } }));
      }
      const params = { path: { space }, query: { project, ...query } };
      return answer(api.GET("/api/{space}/variables/preview", { params }));
    },
    retry: false,
  });
