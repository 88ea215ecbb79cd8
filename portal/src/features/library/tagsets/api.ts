import { useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import type { TagSet } from "@/api/tag-sets";

/** Adds a tag set, or saves one that has an id. What has its tags may be called otherwise after that. */
export function useSaveTagSet(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (set: TagSet) =>
      set.Id
        ? answer(api.PUT("/api/{space}/tagsets/{id}", { params: { path: { space, id: set.Id } }, body: set }))
        : answer(api.POST("/api/{space}/tagsets", { params: { path: { space } }, body: set })),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ["tag-sets", space] }),
        client.invalidateQueries({ queryKey: ["tenants", space] }),
      ]),
  });
}

export function useOrderTagSets(space: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (ids: string[]) =>
      answer(api.PUT("/api/{space}/tagsets/sortorder", { params: { path: { space } }, body: ids })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["tag-sets", space] }),
  });
}

export function deleteTagSet(space: string, id: string): Promise<unknown> {
  return answer(api.DELETE("/api/{space}/tagsets/{id}", { params: { path: { space, id } } }));
}
