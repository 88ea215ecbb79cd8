import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams, pageOf, type Shape, writeHeaders } from "@/api/client";
import { errorFrom } from "@/api/errors";
import { PAGE } from "@/lib/search";

export type Tenant = Shape<"Tenant">;
export type ProjectTenant = Shape<"ProjectTenant">;
export type DashboardItem = Shape<"DashboardItem">;

interface Slice {
  q: string;
  page: number;
}

export type TenantFilter = "tags" | "project" | "state";

export const tenantsQuery = (space: string, list: Slice, filters: { [key in TenantFilter]?: string }) =>
  queryOptions({
    queryKey: ["tenants", space, "list", list.q, list.page, filters],
    queryFn: () => {
      const isDisabled = filters.state && String(filters.state === "disabled");
      const query = listParams(list, { tags: filters.tags, projectId: filters.project, isDisabled });
      return answer(api.GET("/api/{space}/tenants", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
  });

/** How many tenants have the tags. */
export const tenantCountQuery = (space: string, tags: readonly string[]) =>
  queryOptions({
    queryKey: ["tenants", space, "count", tags],
    queryFn: async () => {
      const query = { tags: tags.join(","), take: "1" };
      return (await answer(api.GET("/api/{space}/tenants", { params: { path: { space }, query } }))).TotalResults;
    },
    enabled: tags.length > 0,
  });

/** By its id or its slug. */
export const tenantQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["tenants", space, "one", id],
    queryFn: () => answer(api.GET("/api/{space}/tenants/{id}", { params: { path: { space, id } } })),
    staleTime: 10_000,
  });

/** A page of the projects that a tenant is connected to. */
export const connectedProjectsQuery = (space: string, ids: readonly string[], list: Slice) =>
  queryOptions({
    queryKey: ["tenants", space, "projects", ids, list.q, list.page],
    queryFn: () => {
      const query = { ...listParams(list), ids: ids.join(",") };
      return answer(api.GET("/api/{space}/projects", { params: { path: { space }, query } }));
    },
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });

/** What is deployed of some projects for one tenant. */
export const tenantDashboardQuery = (space: string, tenant: string, projects: readonly string[]) =>
  queryOptions({
    queryKey: ["tenants", space, "dashboard", tenant, projects],
    queryFn: () => {
      const query = { selectedProjects: projects.join(","), selectedTenants: tenant };
      return answer(api.GET("/api/{space}/dashboard", { params: { path: { space }, query } }));
    },
    enabled: projects.length > 0,
    refetchInterval: 5000,
    placeholderData: keepPreviousData,
  });

export const missingQuery = (
  space: string,
  filters: { tenantId?: string; projectId?: string; environmentId?: string },
) =>
  queryOptions({
    queryKey: ["tenants", space, "missing", filters],
    queryFn: () => {
      const query = { includeDetails: "true", ...filters };
      return answer(api.GET("/api/{space}/tenants/variables-missing", { params: { path: { space }, query } }));
    },
  });

export type ProjectTenantFilter = "tags" | "environment" | "state" | "release";

export const projectTenantsQuery = (
  space: string,
  project: string,
  list: Slice,
  filters: { [key in ProjectTenantFilter]?: string },
) =>
  queryOptions({
    queryKey: ["tenants", space, "of-project", project, list.q, list.page, filters],
    queryFn: () => {
      const { tags, environment, state, release } = filters;
      const query = listParams(list, { tags, environment, state, lacksRelease: release });
      const path = { space, id: project };
      return answer(api.GET("/api/{space}/projects/{id}/tenants", { params: { path, query } }));
    },
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });

/** More would not fit into an address, and nobody looks over more of them at once. */
export const MOST_TO_DEPLOY = 300;

/** The ids of those of a project's tenants that are found and can be deployed for: at most `MOST_TO_DEPLOY`. */
export const lackingQuery = (
  space: string,
  project: string,
  words: string,
  filters: { [key in ProjectTenantFilter]?: string },
) =>
  queryOptions({
    queryKey: ["tenants", space, "of-project", project, "lacking", words, filters],
    queryFn: async () => {
      const { release, ...rest } = filters;
      const found = listParams({ q: words, page: 1 }, { ...rest, lacksRelease: release });
      const query = { ...found, take: String(MOST_TO_DEPLOY) };
      const path = { space, id: project };
      const page = await answer(api.GET("/api/{space}/projects/{id}/tenants", { params: { path, query } }));
      return page.Items.filter((one) => !one.IsDisabled).map((one) => one.Id);
    },
    staleTime: 0,
  });

/** The newest releases of a project, whose version has the words in it. */
export const releasesQuery = (space: string, project: string, words: string) =>
  queryOptions({
    queryKey: ["releases", project, "pick", words],
    queryFn: async () => {
      const path = { space, project_id: project };
      const query = { ...pageOf(1, PAGE), ...(words && { searchByVersion: words }) };
      return (await answer(api.GET("/api/{space}/projects/{project_id}/releases", { params: { path, query } }))).Items;
    },
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

/** What reads tenants is read anew. */
function useRenewed(space: string) {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: ["tenants", space] }),
      client.invalidateQueries({ queryKey: ["things", "tenants", space] }),
    ]);
}

export type NewTenant = Pick<Tenant, "Name" | "Description" | "TenantTags">;

/** Adds a tenant; as a copy of another one it begins with its tags, connections and values. */
export function useAddTenant(space: string) {
  const renew = useRenewed(space);
  return useMutation({
    mutationFn: ({ given, source }: { given: NewTenant; source: string | null }) => {
      // The copy is asked for in the query, as some clients do; the document says nothing of it.
      const query = (source ? { clone: source } : {}) as never;
      return answer(
        api.POST("/api/{space}/tenants", { params: { path: { space }, query }, body: body<Tenant>(given) }),
      );
    },
    onSuccess: renew,
  });
}

export function useSaveTenant(space: string) {
  const renew = useRenewed(space);
  return useMutation({
    mutationFn: (tenant: Tenant) =>
      answer(api.PUT("/api/{space}/tenants/{id}", { params: { path: { space, id: tenant.Id } }, body: tenant })),
    onSuccess: renew,
  });
}

export function deleteTenant(space: string, id: string): Promise<unknown> {
  return answer(api.DELETE("/api/{space}/tenants/{id}", { params: { path: { space, id } } }));
}

/** Connects tenants to environments of projects, all or none. */
export function useConnect(space: string) {
  const renew = useRenewed(space);
  return useMutation({
    mutationFn: (given: Shape<"ConnectTenants">) =>
      answer(api.POST("/api/{space}/tenants/connections", { params: { path: { space } }, body: given })),
    onSuccess: renew,
  });
}

export function useUploadLogo(space: string, id: string) {
  const renew = useRenewed(space);
  return useMutation({
    mutationFn: async (file: File) => {
      const form = new FormData();
      form.append("fileToUpload", file, file.name);
      const address = `/api/${encodeURIComponent(space)}/tenants/${encodeURIComponent(id)}/logo`;
      const response = await fetch(address, { method: "POST", body: form, headers: await writeHeaders() });
      if (!response.ok) throw errorFrom(response.status, await response.json().catch(() => null));
    },
    onSuccess: renew,
  });
}

/** The picture of a tenant; what changes with it keeps an old one from being shown. */
export function logoOf(space: string, tenant: { Id: string; LastModifiedOn?: string | null }): string {
  return `/api/${space}/tenants/${tenant.Id}/logo?cb=${encodeURIComponent(tenant.LastModifiedOn ?? "")}`;
}

export const tenantTasksQuery = (space: string, tenant: string, list: Slice, states: string | undefined) =>
  queryOptions({
    queryKey: ["tenants", space, "tasks", tenant, list.page, states],
    queryFn: () => {
      const query = { tenant, ...pageOf(list.page, PAGE), ...(states && { states }) };
      return answer(api.GET("/api/{space}/tasks", { params: { path: { space }, query } }));
    },
    refetchInterval: 5000,
    placeholderData: keepPreviousData,
  });

export const tenantEventsQuery = (space: string, tenant: string, page: number) =>
  queryOptions({
    queryKey: ["tenants", space, "events", tenant, page],
    queryFn: () => {
      const query = { regarding: tenant, excludeDifference: "true", ...pageOf(page, PAGE) };
      return answer(api.GET("/api/{space}/events", { params: { path: { space }, query } }));
    },
    placeholderData: keepPreviousData,
  });
