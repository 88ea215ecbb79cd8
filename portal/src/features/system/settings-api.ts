import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, EVERYTHING, type Shape } from "@/api/client";

export type Section = Shape<"ConfigurationSection">;

/** What the form needs of how a section is described. */
export interface Property {
  Name: string;
  Type: string;
  DisplayInfo: { Label: string; Description: string; ReadOnly: boolean; Options: Shape<"OptionsMetadata"> | null };
}
export interface Metadata {
  Types: { Name: string; Properties: Property[] }[];
}
/** A section as it is sent: what is in it, only its metadata tells. */
export type Values = Record<string, unknown>;

export const sectionsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: async () => (await answer(api.GET("/api/configuration", { params: { query: EVERYTHING } }))).Items,
  staleTime: Number.POSITIVE_INFINITY,
});

export const sectionQuery = (id: string) =>
  queryOptions({
    queryKey: ["settings", id, "section"],
    queryFn: async () => {
      const params = { path: { id } };
      const [section, metadata] = await Promise.all([
        answer(api.GET("/api/configuration/{id}", { params })),
        answer(api.GET("/api/configuration/{id}/metadata", { params })),
      ]);
      return { section, metadata };
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

export const valuesQuery = (id: string) =>
  queryOptions({
    queryKey: ["settings", id, "values"],
    queryFn: async (): Promise<Values> =>
      answer(api.GET("/api/configuration/{id}/values", { params: { path: { id } } })),
  });

export function useSaveValues(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (values: Values): Promise<Values> =>
      answer(api.PUT("/api/configuration/{id}/values", { params: { path: { id } }, body: values as never })),
    onSuccess: (saved) => {
      client.setQueryData(valuesQuery(id).queryKey, saved);
      return client.invalidateQueries({ queryKey: ["settings", "states"] });
    },
  });
}

/** Which of the sections are switched on; those that cannot be are left out. */
export const statesQuery = (ids: readonly string[]) =>
  queryOptions({
    queryKey: ["settings", "states", ids],
    queryFn: async () => {
      const params = (id: string) => ({ params: { path: { id } } });
      const read = async (id: string) => {
        const values: Values = await answer(api.GET("/api/configuration/{id}/values", params(id)));
        return [id, stateOf(values)] as const;
      };
      return Object.fromEntries(await Promise.all(ids.map(read)));
    },
    enabled: ids.length > 0,
  });

/** On, off, or null where a section is nothing that is switched. */
export function stateOf(values: Values): boolean | null {
  if (typeof values.IsEnabled === "boolean") return values.IsEnabled;
  if (typeof values.IsInMaintenanceMode === "boolean") return values.IsInMaintenanceMode;
  return "SmtpHost" in values ? Boolean(values.SmtpHost && values.SendEmailFrom) : null;
}
