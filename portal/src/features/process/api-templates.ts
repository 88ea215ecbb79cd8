import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams, type Shape, writeHeaders } from "@/api/client";
import { errorFrom } from "@/api/errors";
import type { Template } from "./api";

export type CommunityTemplate = Shape<"CommunityActionTemplate">;
export type Usage = Shape<"ActionTemplateUsage">;
export type UpdateResult = Shape<"ActionUpdateResult">;

const templates = (space: string) => ["step-templates", space];

/** Everything that can be added to a process, and the categories that it is offered in. */
export const offeredQuery = (space: string) =>
  queryOptions({
    queryKey: [...templates(space), "offered"],
    queryFn: () => answer(api.GET("/api/{space}/actiontemplates/search", { params: { path: { space } } })),
    staleTime: 30_000,
  });

export const categoriesQuery = (space: string) =>
  queryOptions({
    queryKey: ["step-categories", space],
    queryFn: () => answer(api.GET("/api/{space}/actiontemplates/categories", { params: { path: { space } } })),
    staleTime: 600_000,
  });

export const templatePageQuery = (space: string, list: { q: string; page: number }) =>
  queryOptions({
    queryKey: [...templates(space), "page", list.q, list.page],
    queryFn: () =>
      answer(api.GET("/api/{space}/actiontemplates", { params: { path: { space }, query: listParams(list) } })),
  });

export const templateQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: [...templates(space), "one", id],
    queryFn: () => answer(api.GET("/api/{space}/actiontemplates/{id}", { params: { path: { space, id } } })),
    staleTime: 10_000,
    retry: false,
  });

export const templateVersionQuery = (space: string, id: string, version: string) =>
  queryOptions({
    queryKey: [...templates(space), "one", id, "version", version],
    queryFn: () => {
      const path = { space, id, version };
      return answer(api.GET("/api/{space}/actiontemplates/{id}/versions/{version}", { params: { path } }));
    },
    staleTime: 600_000,
    retry: false,
  });

export const usageQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: [...templates(space), "usage", id],
    queryFn: () => answer(api.GET("/api/{space}/actiontemplates/{id}/usage", { params: { path: { space, id } } })),
  });

function useRenewed(space: string) {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: templates(space) });
}

export function useAddTemplate(space: string) {
  const onSuccess = useRenewed(space);
  return useMutation({
    mutationFn: (given: Partial<Template>) =>
      answer(api.POST("/api/{space}/actiontemplates", { params: { path: { space } }, body: body<Template>(given) })),
    onSuccess,
  });
}

export function useSaveTemplate(space: string) {
  const onSuccess = useRenewed(space);
  return useMutation({
    mutationFn: (template: Template) => {
      const params = { path: { space, id: template.Id } };
      return answer(api.PUT("/api/{space}/actiontemplates/{id}", { params, body: template }));
    },
    onSuccess,
  });
}

export function useDeleteTemplate(space: string) {
  const onSuccess = useRenewed(space);
  return useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE("/api/{space}/actiontemplates/{id}", { params: { path: { space, id } } })),
    onSuccess,
  });
}

/** Makes the space's own copy of a template of the community, or takes that to the community's present version. */
export function useInstall(space: string) {
  const onSuccess = useRenewed(space);
  return useMutation({
    mutationFn: ({ id, isUpdate }: { id: string; isUpdate?: boolean }) => {
      const params = { path: { id, space_id: space } };
      const path = "/api/communityactiontemplates/{id}/installation/{space_id}";
      return answer(isUpdate ? api.PUT(path, { params }) : api.POST(path, { params }));
    },
    onSuccess,
  });
}

export function useUpdateSteps(space: string, id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: Partial<Shape<"ActionsUpdate">>) => {
      const params = { path: { space, id } };
      return answer(
        api.POST("/api/{space}/actiontemplates/{id}/actionsUpdate", {
          params,
          body: body<Shape<"ActionsUpdate">>(wanted),
        }),
      );
    },
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: templates(space) }),
        client.invalidateQueries({ queryKey: ["process", space] }),
        client.invalidateQueries({ queryKey: ["runbook-process", space] }),
      ]),
  });
}

/** The picture of a template, sent as a form like a browser sends files. */
export function useSetLogo(space: string, id: string) {
  const onSuccess = useRenewed(space);
  return useMutation({
    mutationFn: async (file: File) => {
      const form = new FormData();
      form.append("file", file);
      const address = `/api/${space}/actiontemplates/${id}/logo`;
      const response = await fetch(address, { method: "POST", headers: await writeHeaders(), body: form });
      if (!response.ok) throw errorFrom(response.status, await response.json().catch(() => null));
    },
    onSuccess,
  });
}
