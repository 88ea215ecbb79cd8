import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams } from "@/api/client";
import { type LibrarySet, librarySetQuery } from "../api";

export type ContentType = LibrarySet["ContentType"];

export const librarySetPageQuery = (space: string, contentType: ContentType, list: { q: string; page: number }) =>
  queryOptions({
    queryKey: ["library-set", space, "page", contentType, list.q, list.page],
    queryFn: () => {
      const params = { path: { space }, query: listParams(list, { contentType }) };
      return answer(api.GET("/api/{space}/libraryvariablesets", { params }));
    },
    placeholderData: keepPreviousData,
  });

export const usageQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["library-set", space, id, "usages"],
    queryFn: () => answer(api.GET("/api/{space}/libraryvariablesets/{id}/usages", { params: { path: { space, id } } })),
  });

export function useAddLibrarySet(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (given: Pick<LibrarySet, "Name" | "Description" | "ContentType">) =>
      answer(
        api.POST("/api/{space}/libraryvariablesets", { params: { path: { space } }, body: body<LibrarySet>(given) }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ["library-set", space] }),
  });
}

/** Changes a part of a set: what somebody else changed of the rest meanwhile stays. */
export function useChangeLibrarySet(space: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (patch: Partial<LibrarySet>) => {
      const path = { space, id };
      const now = await answer(api.GET("/api/{space}/libraryvariablesets/{id}", { params: { path } }));
      return answer(api.PUT("/api/{space}/libraryvariablesets/{id}", { params: { path }, body: { ...now, ...patch } }));
    },
    onSuccess: (saved) => {
      client.setQueryData(librarySetQuery(space, id).queryKey, saved);
      return client.invalidateQueries({ queryKey: ["library-set", space], refetchType: "none" });
    },
  });
}

export async function deleteLibrarySet(space: string, id: string): Promise<void> {
  await answer(api.DELETE("/api/{space}/libraryvariablesets/{id}", { params: { path: { space, id } } }));
}
