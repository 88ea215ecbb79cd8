import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, type Shape } from "@/api/client";
import { type Given, givenOf, toWrite } from "./model";

const WITH_MISSING = { includeMissingVariables: "true" };

/** All that a tenant gives to the templates of its library sets and projects, and what it could give. */
export const tenantValuesQuery = (space: string, tenant: string) =>
  queryOptions({
    queryKey: ["tenant-values", space, tenant],
    queryFn: async () => {
      const params = { path: { space, id: tenant }, query: WITH_MISSING };
      const [common, own] = await Promise.all([
        answer(api.GET("/api/{space}/tenants/{id}/commonvariables", { params })),
        answer(api.GET("/api/{space}/tenants/{id}/projectvariables", { params })),
      ]);
      return together(common, own);
    },
  });

function together(common: Shape<"TenantCommonVariables">, own: Shape<"TenantProjectVariables">): Given[] {
  return [common, own].flatMap((one) => [...one.Variables, ...(one.MissingVariables ?? [])].map(givenOf));
}

export function useSaveTenantValues(space: string, tenant: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (values: readonly Given[]) => {
      const params = { path: { space, id: tenant }, query: WITH_MISSING };
      const body = (isLibrary: boolean) => ({ Variables: toWrite(values, isLibrary) }) as never;
      const common = await answer(api.PUT("/api/{space}/tenants/{id}/commonvariables", { params, body: body(true) }));
      const own = await answer(api.PUT("/api/{space}/tenants/{id}/projectvariables", { params, body: body(false) }));
      return together(common, own);
    },
    onSuccess: (saved) => {
      client.setQueryData(tenantValuesQuery(space, tenant).queryKey, saved);
      void client.invalidateQueries({ queryKey: ["tenants"] });
    },
    // The first of two writes may have been taken.
    onError: () => client.invalidateQueries({ queryKey: tenantValuesQuery(space, tenant).queryKey }),
  });
}
