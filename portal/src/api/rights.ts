import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, api, type Shape } from "./client";
import { meQuery } from "./session";

type Held = Shape<"EffectivePermission">;

/**
 * What something concerns, of one kind: an id, or several where all are concerned, such as the environments of a
 * target. `null` says that it concerns none; left out, that it is not known yet.
 */
export type Concerned = string | readonly string[] | null;

/** Where something is to be done, as far as it is known. Without a space, at the level of the server. */
export interface Place {
  space?: string;
  project?: Concerned;
  projectGroup?: Concerned;
  environment?: Concerned;
  tenant?: Concerned;
}

const KINDS = [
  ["project", "Projects"],
  ["projectGroup", "ProjectGroups"],
  ["environment", "Environments"],
  ["tenant", "Tenants"],
] as const;

type Dimension = (typeof KINDS)[number][0];

/** There are teams, tasks and events of the server and of spaces; a right to those of one level is none to the other's. */
const OF_BOTH_LEVELS = new Set([
  "EventView",
  "TeamView",
  "TeamCreate",
  "TeamEdit",
  "TeamDelete",
  "TaskView",
  "TaskViewLog",
  "TaskCreate",
  "TaskCancel",
  "TaskEdit",
]);

/** Rights to things of tenants that do not reach what is done for no tenant, when they are narrowed to tenants. */
const FOR_TENANTS_ONLY = new Set([
  "DeploymentCreate",
  "DeploymentDelete",
  "DeploymentView",
  "ArtifactView",
  "ArtifactCreate",
  "ArtifactEdit",
  "ArtifactDelete",
  "EventView",
  "InterruptionView",
  "InterruptionSubmit",
  "InterruptionViewSubmitResponsible",
  "RunbookRunView",
  "RunbookRunDelete",
  "RunbookRunCreate",
  "AiAgentTranscriptView",
  "DeployedResourceAdminister",
]);

/** To see a thing it is enough to reach one of the places that it is in; to change it takes all of them. */
const LOOKS = /(?:View|ViewUnscoped|ViewLog|Download|ExportPrivateKey)$/;

/**
 * What the user may do, as far as the portal needs to know: it decides what is offered. The server decides what is done,
 * by the same rules (polpo.rest.authorization).
 */
export class Rights {
  private readonly held = new Map<string, Held>();
  /** False until the server has told. */
  readonly isKnown: boolean;

  constructor(permissions: readonly Held[] | undefined) {
    this.isKnown = permissions !== undefined;
    for (const one of permissions ?? []) this.held.set(key(one.Permission, one.SpaceId), one);
  }

  /** Whether something of the kind can be done at all, in the space or at the level of the server. True until known. */
  holdsAnywhere(permission: string, space?: string): boolean {
    if (!this.isKnown) return true;
    return this.held.has(key(permission, null)) || this.held.has(key(permission, space ?? null));
  }

  /**
   * Whether it can be done in this place. A dimension that the place leaves open does not count against it: who may
   * deploy to one environment sees the button, and chooses there. True until known.
   */
  allows(permission: string, place: Place = {}): boolean {
    return this.missed(permission, place) === null;
  }

  /** The first part of the place where it cannot be done, such as one of several environments; null when it can. */
  missed(permission: string, place: Place = {}): Place | null {
    if (!this.isKnown) return null;
    const parts = partsOf(place);
    const held = this.at(permission, place.space);
    if (!held) return parts[0] ?? place;
    if (held.IsUnrestricted) return null;
    const isMissed = (part: Place) => !held.Grants.some((grant) => reaches(permission, grant.RestrictedTo, part));
    const missed = parts.filter(isMissed);
    if (LOOKS.test(permission) && missed.length < parts.length) return null;
    return missed[0] ?? null;
  }

  private at(permission: string, space: string | undefined): Held | undefined {
    const inPlace = this.held.get(key(permission, space ?? null));
    return inPlace || OF_BOTH_LEVELS.has(permission) ? inPlace : this.held.get(key(permission, null));
  }
}

/** The place taken apart, so that each part names at most one id of a kind. */
function partsOf(place: Place): Place[] {
  let parts: Place[] = [place];
  for (const [name] of KINDS) {
    const ids = place[name];
    if (typeof ids === "string" || ids === null || ids === undefined) continue;
    const single: Concerned[] = ids.length > 0 ? [...ids] : [null];
    parts = parts.flatMap((part) => single.map((id) => ({ ...part, [name]: id })));
  }
  return parts;
}

type Restriction = Shape<"EffectiveGrant">["RestrictedTo"];

/** A grant tells the kinds that its permission knows; each of them narrows it. */
function reaches(permission: string, restriction: Restriction, part: Place): boolean {
  return KINDS.every(([name, kind]) => {
    const list = restriction[kind];
    return list === undefined || isWithin(permission, name, part[name], new Set(list.map((one) => one.Id)));
  });
}

function isWithin(permission: string, name: Dimension, id: Concerned | undefined, granted: Set<string>): boolean {
  if (id === undefined) return true;
  if (id === null) return name === "tenant" && !FOR_TENANTS_ONLY.has(permission);
  return typeof id === "string" ? granted.has(id) : id.every((one) => granted.has(one));
}

function key(permission: string, space: string | null): string {
  return `${space ?? ""}/${permission}`;
}

export const rightsQuery = (user: string) =>
  queryOptions({
    queryKey: ["rights", user],
    queryFn: () => answer(api.GET("/api/users/{id}/permissions/effective", { params: { path: { id: user } } })),
    staleTime: 60_000,
  });

/** What the user who is signed in may do. */
export function useRights(): Rights {
  const { data: me } = useQuery(meQuery);
  const { data } = useQuery({ ...rightsQuery(me?.Id ?? ""), enabled: me !== undefined });
  return useMemo(() => new Rights(data?.Permissions), [data]);
}

/** The server's own words on why somebody may or may not do something in a place. */
export const refusalQuery = (user: string, permission: string, place: Place) =>
  queryOptions({
    queryKey: ["refusal", user, permission, place],
    queryFn: () => {
      const query = { permission, ...Object.fromEntries(Object.entries(place).map(([name, ids]) => [name, one(ids)])) };
      return answer(api.GET("/api/users/{id}/permissions/explain", { params: { path: { id: user }, query } }));
    },
    staleTime: 60_000,
  });

function one(ids: Concerned | undefined): string | undefined {
  return typeof ids === "string" ? ids : (ids?.[0] ?? undefined);
}
