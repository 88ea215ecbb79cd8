import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, pageOf, type Shape } from "./client";

export type Artifact = Shape<"Artifact">;

const SIZE = 30;

/** What scripts left behind, newest first: `regarding` is a task, a deployment, a release, a runbook run. */
export const artifactsQuery = (space: string, regarding: string, page = 1) =>
  queryOptions({
    queryKey: ["artifacts", regarding, page],
    queryFn: () => {
      const query = { regarding, ...pageOf(page, SIZE) };
      return answer(api.GET("/api/{space}/artifacts", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
  });

export const ARTIFACT_PAGE = SIZE;

/** Where the content of an artifact is downloaded from. */
export function artifactAddress(space: string, id: string): string {
  return `/api/${encodeURIComponent(space)}/artifacts/${encodeURIComponent(id)}/content`;
}
