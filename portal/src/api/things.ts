import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api, pageOf } from "./client";

/** What pickers and names need of a document of any kind. */
export interface Thing {
  Id: string;
  Name: string;
}

/** The lists that things are picked from; those that belong to no space are read at the level of the server. */
const LISTS = {
  accounts: "/api/{space}/accounts",
  certificates: "/api/{space}/certificates",
  channels: "/api/{space}/channels",
  environments: "/api/{space}/environments",
  feeds: "/api/{space}/feeds",
  "git-credentials": "/api/{space}/git-credentials",
  libraryvariablesets: "/api/{space}/libraryvariablesets",
  lifecycles: "/api/{space}/lifecycles",
  machinepolicies: "/api/{space}/machinepolicies",
  machines: "/api/{space}/machines",
  projectgroups: "/api/{space}/projectgroups",
  projects: "/api/{space}/projects",
  proxies: "/api/{space}/proxies",
  runbooks: "/api/{space}/runbooks",
  teams: "/api/{space}/teams",
  tenants: "/api/{space}/tenants",
  workerpools: "/api/{space}/workerpools",
  workers: "/api/{space}/workers",
  spaces: "/api/spaces",
  userroles: "/api/userroles",
  users: "/api/users",
} as const;

export type ThingKind = keyof typeof LISTS;

/** How many a picker offers at once; words narrow them. */
const OFFERED = 50;

type List = (typeof LISTS)["projects"];

interface Found {
  Id: string;
  Name?: string;
  DisplayName?: string;
}

async function read(kind: ThingKind, space: string, query: Record<string, string>): Promise<Thing[]> {
  // Lists of all kinds take the same words; the types of one of them stand for all.
  const path = LISTS[kind] as List;
  const { Items } = (await answer(api.GET(path, { params: { path: { space }, query } }))) as { Items: Found[] };
  return Items.map((one) => ({ ...one, Name: one.Name ?? one.DisplayName ?? one.Id }));
}

/** People are found by all that they are called, and by their email address. */
function wordsParameter(kind: ThingKind): string {
  return kind === "users" ? "filter" : "partialName";
}

/** The things whose names have the words in them; `filters` are further parameters of the kind's list. */
export const thingsQuery = (kind: ThingKind, space: string, words: string, filters: Record<string, string> = {}) =>
  queryOptions({
    queryKey: ["things", kind, space, words, filters],
    queryFn: () =>
      read(kind, space, { ...pageOf(1, OFFERED), ...(words && { [wordsParameter(kind)]: words }), ...filters }),
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });

/** Those with the ids, in one request. */
export const namedQuery = (kind: ThingKind, space: string, ids: readonly string[]) =>
  queryOptions({
    queryKey: ["things", kind, space, "ids", [...ids].sort()],
    queryFn: () => read(kind, space, { ids: ids.join(","), take: String(ids.length) }),
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** From ids to names, read from the server as far as they are not known; an id that has no name stays an id. */
export function useNames(kind: ThingKind, space: string, ids: readonly string[]): (id: string) => string {
  const { data } = useQuery(namedQuery(kind, space, ids));
  return (id) => data?.find((one) => one.Id === id)?.Name ?? id;
}
