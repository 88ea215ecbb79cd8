import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, pageOf, type Shape } from "@/api/client";
import { PAGE } from "@/lib/search";
import type { FILTERS } from "./filters";

export type Event = Shape<"Event">;

export type Filter = (typeof FILTERS)[number];
export type Narrowing = { [name in Filter]?: string };

/** The parameters of the API. A trail of the whole server that is narrowed to a space leaves out what is of the server. */
export function questionOf(narrowing: Narrowing): Record<string, string> {
  const set = Object.entries(narrowing).filter(([, value]) => value);
  const asked = Object.fromEntries(set) as Record<string, string>;
  return narrowing.spaces ? { ...asked, includeSystem: "false" } : asked;
}

/** Without the differences: those are read when an event is opened. */
export const eventPageQuery = (space: string | null, page: number, narrowing: Narrowing) =>
  queryOptions({
    queryKey: ["events", space, page, narrowing],
    queryFn: () => {
      const query = { ...pageOf(page, PAGE), ...questionOf(narrowing), excludeDifference: "true" };
      if (space === null) return answer(api.GET("/api/events", { params: { query } }));
      return answer(api.GET("/api/{space}/events", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
  });

export const eventQuery = (id: string) =>
  queryOptions({
    queryKey: ["event", id],
    queryFn: () => answer(api.GET("/api/events/{id}", { params: { path: { id } } })),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const headQuery = queryOptions({
  queryKey: ["trail-head"],
  queryFn: () => answer(api.GET("/api/events/head")),
});

/** Where the browser downloads the same events from. */
export function exportAddress(space: string | null, kind: "csv" | "jsonl", narrowing: Narrowing): string {
  const base = space === null ? "/api/events" : `/api/${space}/events`;
  const asked = new URLSearchParams(questionOf(narrowing));
  if (kind === "csv") asked.set("asCsv", "true");
  const query = asked.toString();
  return `${base}${kind === "csv" ? "" : "/export"}${query ? `?${query}` : ""}`;
}

export const archivesQuery = (page: number) =>
  queryOptions({
    queryKey: ["event-archives", page],
    queryFn: () => answer(api.GET("/api/events/archives", { params: { query: pageOf(page, PAGE) } })),
    placeholderData: keepPreviousData,
  });

export function useDeleteArchive() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/api/events/archives/{id}", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ["event-archives"] }),
  });
}
