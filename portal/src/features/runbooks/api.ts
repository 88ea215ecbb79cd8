import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams, type Shape } from "@/api/client";

export type Runbook = Shape<"Runbook">;

/** Where runbooks of a project are kept: on a branch, or (with null) in the database. */
export interface Home {
  space: string;
  project: string;
  branch: string | null;
}

const keyOf = ({ project, branch }: Home) => ["runbooks", project, branch ?? ""];

export const runbookPageQuery = (home: Home, { q, page }: { q: string; page: number }) =>
  queryOptions({
    queryKey: [...keyOf(home), "page", q, page],
    queryFn: () => {
      const { space, project: project_id, branch: git_ref } = home;
      const query = listParams({ q, page });
      if (git_ref === null) {
        const params = { path: { space, project_id }, query };
        return answer(api.GET("/api/{space}/projects/{project_id}/runbooks", { params }));
      }
      const params = { path: { space, project_id, git_ref }, query };
      return answer(api.GET("/api/{space}/projects/{project_id}/{git_ref}/runbooks", { params }));
    },
    placeholderData: keepPreviousData,
  });

/** A runbook by its id or slug. */
export const runbookQuery = (home: Home, id: string) =>
  queryOptions({
    queryKey: [...keyOf(home), "one", id],
    queryFn: () => {
      const { space, project: project_id, branch: git_ref } = home;
      if (git_ref === null) {
        const params = { path: { space, project_id, id } };
        return answer(api.GET("/api/{space}/projects/{project_id}/runbooks/{id}", { params }));
      }
      const params = { path: { space, project_id, git_ref, id } };
      return answer(api.GET("/api/{space}/projects/{project_id}/{git_ref}/runbooks/{id}", { params }));
    },
  });

/** The environments in which a runbook may run, as far as the user may see them. */
export const runbookEnvironmentsQuery = (home: Home, id: string) =>
  queryOptions({
    queryKey: [...keyOf(home), "environments", id],
    queryFn: () => {
      const { space, project: project_id, branch: git_ref } = home;
      if (git_ref === null) {
        const params = { path: { space, project_id, id } };
        return answer(api.GET("/api/{space}/projects/{project_id}/runbooks/{id}/environments", { params }));
      }
      const params = { path: { space, project_id, git_ref, id } };
      return answer(api.GET("/api/{space}/projects/{project_id}/{git_ref}/runbooks/{id}/environments", { params }));
    },
  });

function useRenew(home: Home) {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["runbooks", home.project] });
}

/** A new runbook, or with `clone` a copy of another one. */
export function useAddRunbook(home: Home) {
  const onSuccess = useRenew(home);
  return useMutation({
    mutationFn: ({ clone, ...given }: Partial<Runbook> & { clone?: string }) => {
      const { space, project: project_id, branch: git_ref } = home;
      if (git_ref === null) {
        const params = { path: { space, project_id }, query: clone ? { clone } : {} };
        const path = "/api/{space}/projects/{project_id}/runbooks";
        return answer(api.POST(path, { params, body: body<Runbook>(given) }));
      }
      const params = { path: { space, project_id, git_ref } };
      const path = "/api/{space}/projects/{project_id}/{git_ref}/runbooks/v2";
      return answer(api.POST(path, { params, body: body<Shape<"ModifyRunbookCommand">>(given) }));
    },
    onSuccess,
  });
}

/** `message` is the commit's, for a project in Git. */
export function useSaveRunbook(home: Home) {
  const onSuccess = useRenew(home);
  return useMutation({
    mutationFn: ({ runbook, message = null }: { runbook: Runbook; message?: string | null }) => {
      const { space, project: project_id, branch: git_ref } = home;
      const id = runbook.Id;
      if (git_ref === null) {
        const params = { path: { space, project_id, id } };
        return answer(api.PUT("/api/{space}/projects/{project_id}/runbooks/{id}", { params, body: runbook }));
      }
      const params = { path: { space, project_id, git_ref, id } };
      const path = "/api/{space}/projects/{project_id}/{git_ref}/runbooks/{id}";
      return answer(api.PUT(path, { params, body: { ...runbook, ChangeDescription: message || null } }));
    },
    onSuccess,
  });
}

export function useDeleteRunbook(home: Home) {
  const onSuccess = useRenew(home);
  return useMutation({
    mutationFn: (id: string): Promise<unknown> => {
      const { space, project: project_id, branch: git_ref } = home;
      if (git_ref === null) {
        const params = { path: { space, project_id, id } };
        return answer(api.DELETE("/api/{space}/projects/{project_id}/runbooks/{id}", { params }));
      }
      const params = { path: { space, project_id, git_ref, id } };
      return answer(api.DELETE("/api/{space}/projects/{project_id}/{git_ref}/runbooks/{id}", { params }));
    },
    onSuccess,
  });
}
