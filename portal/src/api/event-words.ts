import { queryOptions } from "@tanstack/react-query";
import { answer, api } from "./client";

const inSpace = (space: string) => ({ params: { path: { space } } });

/** The words of the audit trail: they belong to the server, so they are read once, in any space that one may see. */
export const eventWordsQuery = (space: string) =>
  queryOptions({
    queryKey: ["event-words"],
    queryFn: async () => {
      const [groups, categories, agents, types] = await Promise.all([
        answer(api.GET("/api/{space}/events/groups", inSpace(space))),
        answer(api.GET("/api/{space}/events/categories", inSpace(space))),
        answer(api.GET("/api/{space}/events/agents", inSpace(space))),
        answer(api.GET("/api/{space}/events/documenttypes", inSpace(space))),
      ]);
      return { groups, categories, agents, types };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

export interface Option {
  value: string;
  label: string;
}

/** For selects: what is sent, and what is read. */
export function optionsOf(list: readonly { Id: string; Name: string }[] | undefined): Option[] {
  return (list ?? []).map((one) => ({ value: one.Id, label: one.Name }));
}
