import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { answer, api, listParams, type Shape } from "@/api/client";

/** The collections of this area that are listed, read, saved and deleted in the one way that the API has for all. */
interface Documents {
  accounts: Shape<"Account">;
  certificates: Shape<"Certificate">;
  machinepolicies: Shape<"MachinePolicy">;
  proxies: Shape<"Proxy">;
  workerpools: Shape<"WorkerPool">;
}
export type Collection = keyof Documents;
export type Stored<C extends Collection> = Documents[C];

/** The types of one collection stand for all. */
const listPath = (collection: Collection) => `/api/{space}/${collection}` as "/api/{space}/proxies";
const onePath = (collection: Collection) => `/api/{space}/${collection}/{id}` as "/api/{space}/proxies/{id}";

interface Listed {
  q: string;
  page: number;
}

export const pageQuery = <C extends Collection>(
  collection: C,
  space: string,
  list: Listed,
  filters: Record<string, string | undefined> = {},
) =>
  queryOptions({
    queryKey: [collection, space, "page", list.q, list.page, filters],
    queryFn: async () => {
      const found = await answer(
        api.GET(listPath(collection), { params: { path: { space }, query: listParams(list, filters) } }),
      );
      return found as unknown as { Items: Stored<C>[]; TotalResults: number };
    },
    placeholderData: keepPreviousData,
  });

export const oneQuery = <C extends Collection>(collection: C, space: string, id: string) =>
  queryOptions({
    queryKey: [collection, space, "one", id],
    queryFn: async () => {
      const found = await answer(api.GET(onePath(collection), { params: { path: { space, id } } }));
      return found as unknown as Stored<C>;
    },
  });

export function useRefresh(collection: Collection, space: string) {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: [collection, space] }),
      client.invalidateQueries({ queryKey: ["things", collection, space] }),
      client.invalidateQueries({ queryKey: ["summary", space] }),
    ]);
}

export function useCreate<C extends Collection>(collection: C, space: string) {
  const onSuccess = useRefresh(collection, space);
  return useMutation({
    mutationFn: async (document: Partial<Stored<C>>) => {
      const given = { params: { path: { space } }, body: document as never };
      return (await answer(api.POST(listPath(collection), given))) as unknown as Stored<C>;
    },
    onSuccess,
  });
}

export function useSave<C extends Collection>(collection: C, space: string) {
  const onSuccess = useRefresh(collection, space);
  return useMutation({
    mutationFn: async (document: Stored<C>) => {
      const given = { params: { path: { space, id: document.Id } }, body: document as never };
      return (await answer(api.PUT(onePath(collection), given))) as unknown as Stored<C>;
    },
    onSuccess,
  });
}

export function useRemove(collection: Collection, space: string, id: string) {
  const onSuccess = useRefresh(collection, space);
  return useMutation({
    mutationFn: () => answer(api.DELETE(onePath(collection), { params: { path: { space, id } } })),
    onSuccess,
  });
}
