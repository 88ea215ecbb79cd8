import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, pageOf, type Shape } from "@/api/client";
import { PAGE } from "@/lib/search";
import type { Home, Runbook } from "./api";

export type Snapshot = Shape<"RunbookSnapshot">;
export type SnapshotTemplate = Shape<"RunbookSnapshotTemplate">;
export type TemplatePackage = Shape<"ReleaseTemplatePackage">;
export type Process = Shape<"RunbookProcess">;
export type Variables = Shape<"VariableSet">;

export const snapshotPageQuery = ({ space, project }: Home, runbook: string, q: string, page: number) =>
  queryOptions({
    queryKey: ["snapshots", runbook, "page", q, page],
    queryFn: () => {
      const query = { ...pageOf(page, PAGE), ...(q.trim() && { searchByName: q.trim() }) };
      const params = { path: { space, project_id: project, id: runbook }, query };
      return answer(api.GET("/api/{space}/projects/{project_id}/runbooks/{id}/runbookSnapshots", { params }));
    },
    placeholderData: keepPreviousData,
  });

/** A snapshot by its id. */
export const snapshotQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["snapshot", id],
    queryFn: () => answer(api.GET("/api/{space}/runbookSnapshots/{id}", { params: { path: { space, id } } })),
    enabled: id !== "",
  });

/** What a new snapshot needs: a free name, and the packages that get a version. */
export const snapshotTemplateQuery = (space: string, runbook: string) =>
  queryOptions({
    queryKey: ["snapshots", runbook, "template"],
    queryFn: () =>
      answer(
        api.GET("/api/{space}/runbooks/{id}/runbookSnapshotTemplate", { params: { path: { space, id: runbook } } }),
      ),
    staleTime: 0,
  });

/** Whether what is published differs from the runbook as it is now. */
export const runTemplateQuery = (space: string, runbook: string) =>
  queryOptions({
    queryKey: ["snapshots", runbook, "run-template"],
    queryFn: () =>
      answer(api.GET("/api/{space}/runbooks/{id}/runbookRunTemplate", { params: { path: { space, id: runbook } } })),
    staleTime: 0,
  });

export const processQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["runbook-process", id],
    queryFn: () => answer(api.GET("/api/{space}/runbookProcesses/{id}", { params: { path: { space, id } } })),
    enabled: id !== "",
  });

export const variablesQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["variables", "set", id],
    queryFn: () => answer(api.GET("/api/{space}/variables/{id}", { params: { path: { space, id } } })),
    enabled: id !== "",
  });

/** The newest versions of a package in its feed. */
export const packageVersionsQuery = (space: string, feed: string, packageId: string, words: string) =>
  queryOptions({
    queryKey: ["feed-versions", feed, packageId, words],
    queryFn: async () => {
      const query = { packageId, take: "50", includePreRelease: "true", ...(words && { filter: words }) };
      const path = { space, id: feed };
      return (await answer(api.GET("/api/{space}/feeds/{id}/packages/versions", { params: { path, query } }))).Items;
    },
    placeholderData: keepPreviousData,
    staleTime: 5000,
  });

function useRenew(home: Home, runbook: string) {
  const client = useQueryClient();
  return () =>
    Promise.all(
      [["snapshots", runbook], ["snapshot"], ["runbooks", home.project]].map((queryKey) =>
        client.invalidateQueries({ queryKey }),
      ),
    );
}

export function useMakeSnapshot(home: Home, runbook: string) {
  const onSuccess = useRenew(home, runbook);
  return useMutation({
    mutationFn: ({ publish, ...given }: Partial<Snapshot> & { publish: boolean }) => {
      const params = { path: { space: home.space }, query: publish ? { publish: "true" } : {} };
      return answer(api.POST("/api/{space}/runbookSnapshots", { params, body: body<Snapshot>(given) }));
    },
    onSuccess,
  });
}

/** What the API can do with a snapshot that is there. */
export function useSnapshotDeeds(home: Home, runbook: Runbook) {
  const onSuccess = useRenew(home, runbook.Id);
  const { space } = home;
  const at = (id: string) => ({ params: { path: { space, id } } });
  const publish = useMutation({
    mutationFn: (id: string) => {
      const params = { path: { space, project_id: home.project, id: runbook.Id } };
      const changed = { ...runbook, PublishedRunbookSnapshotId: id };
      return answer(api.PUT("/api/{space}/projects/{project_id}/runbooks/{id}", { params, body: changed }));
    },
    onSuccess,
  });
  const renewVariables = useMutation({
    mutationFn: (id: string) => answer(api.POST("/api/{space}/runbookSnapshots/{id}/snapshot-variables", at(id))),
    onSuccess,
  });
  const edit = useMutation({
    mutationFn: (given: Snapshot) =>
      answer(api.PUT("/api/{space}/runbookSnapshots/{id}", { ...at(given.Id), body: given })),
    onSuccess,
  });
  const remove = useMutation({
    mutationFn: (id: string): Promise<unknown> => answer(api.DELETE("/api/{space}/runbookSnapshots/{id}", at(id))),
    onSuccess,
  });
  return { publish, renewVariables, edit, remove };
}
