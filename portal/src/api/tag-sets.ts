import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api, type Shape } from "./client";

export type TagSet = Shape<"TagSet">;
export type Tag = Shape<"Tag">;
/** What a set's tags may describe. */
export type TagScope = TagSet["Scopes"][number];

/** The tag sets of a space in their order, read whole: a space has few. */
export const tagSetsQuery = (space: string) =>
  queryOptions({
    queryKey: ["tag-sets", space],
    queryFn: () => answer(api.GET("/api/{space}/tagsets/all", { params: { path: { space } } })),
    staleTime: 30_000,
  });

/** The sets whose tags may describe such a thing. */
export function useTagSets(space: string, scope: TagScope): readonly TagSet[] {
  const { data } = useQuery(tagSetsQuery(space));
  return (data ?? []).filter((one) => one.Scopes.includes(scope));
}

/** A tag's name as everything else calls it, `Set/Tag`, taken apart. */
export function tagParts(canonical: string): { set: string; tag: string } {
  const cut = canonical.indexOf("/");
  return cut < 0 ? { set: "", tag: canonical } : { set: canonical.slice(0, cut), tag: canonical.slice(cut + 1) };
}

/** The tags of one set among those that are chosen. */
export function tagsOfSet(set: TagSet, chosen: readonly string[]): string[] {
  return chosen.filter((one) => tagParts(one).set.toLowerCase() === set.Name.toLowerCase());
}

/** What is chosen, with the tags of one set replaced; what belongs to other sets stays as it is. */
export function withTagsOfSet(set: TagSet, chosen: readonly string[], next: readonly string[]): string[] {
  const mine = new Set(tagsOfSet(set, chosen));
  return [...chosen.filter((one) => !mine.has(one)), ...next];
}
