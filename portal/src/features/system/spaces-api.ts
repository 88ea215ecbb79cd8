import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, body, listParams, type Shape, writeHeaders } from "@/api/client";
import { errorFrom } from "@/api/errors";

export type Space = Shape<"Space">;

export const spacePageQuery = ({ q, page }: { q: string; page: number }) =>
  queryOptions({
    queryKey: ["spaces", "page", q, page],
    queryFn: () => answer(api.GET("/api/spaces", { params: { query: listParams({ q, page }) } })),
    placeholderData: keepPreviousData,
  });

export const spaceQuery = (id: string) =>
  queryOptions({
    queryKey: ["spaces", "one", id],
    queryFn: () => answer(api.GET("/api/spaces/{id}", { params: { path: { id } } })),
  });

/** A space and who manages it are rights, too. */
function useSpacesChanged() {
  const client = useQueryClient();
  return () =>
    Promise.all(["spaces", "rights", "teams", "things"].map((key) => client.invalidateQueries({ queryKey: [key] })));
}

export function useAddSpace() {
  const onSuccess = useSpacesChanged();
  return useMutation({
    mutationFn: (given: Partial<Space>) => answer(api.POST("/api/spaces", { body: body<Space>(given) })),
    onSuccess,
  });
}

export function useChangeSpace(space: Space) {
  const onSuccess = useSpacesChanged();
  return useMutation({
    mutationFn: (patch: Partial<Space>) =>
      answer(api.PUT("/api/spaces/{id}", { params: { path: { id: space.Id } }, body: { ...space, ...patch } })),
    onSuccess,
  });
}

export function useDeleteSpace() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => answer(api.DELETE("/api/spaces/{id}", { params: { path: { id } } })),
    // The screen of the space that is gone must not ask for it again; the switch of spaces must.
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["spaces"], refetchType: "none" });
      await client.invalidateQueries({ queryKey: ["spaces"], exact: true });
    },
  });
}

export function useUploadLogo(space: string) {
  const onSuccess = useSpacesChanged();
  return useMutation({
    mutationFn: async (file: File) => {
      const form = new FormData();
      form.append("file", file);
      const address = `/api/spaces/${space}/logo`;
      const response = await fetch(address, { method: "POST", body: form, headers: await writeHeaders() });
      if (!response.ok) throw errorFrom(response.status, await response.json().catch(() => null));
    },
    onSuccess,
  });
}
