import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { answer, api, pageOf } from "@/api/client";
import { PAGE } from "@/lib/search";

interface Shown {
  q: string;
  page: number;
  channel?: string;
}

/** One page of a project's releases, newest first: those with the words in their version, of one channel or of all. */
export const releasePageQuery = (space: string, projectId: string, { q, page, channel }: Shown) =>
  queryOptions({
    queryKey: ["releases", projectId, q, page, channel],
    queryFn: () => {
      const query = { ...pageOf(page, PAGE), ...(q.trim() && { searchByVersion: q.trim() }) };
      if (!channel) {
        const path = { space, project_id: projectId };
        return answer(api.GET("/api/{space}/projects/{project_id}/releases", { params: { path, query } }));
      }
      const path = { space, project_id: projectId, channel_id: channel };
      return answer(
        api.GET("/api/{space}/projects/{project_id}/channels/{channel_id}/releases", { params: { path, query } }),
      );
    },
    placeholderData: keepPreviousData,
    refetchInterval: 15_000,
  });
