import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { answer, api, type Shape } from "./client";
import { meQuery } from "./session";

type Held = Shape<"EffectivePermission">;

/** Where something is to be done: ids, as far as they are known. Without a space, at the level of the server. */
export interface Place {
  space?: string;
  project?: string;
  projectGroup?: string;
  environment?: string;
  tenant?: string;
}

const KINDS = [
  ["project", "Projects"],
  ["projectGroup", "ProjectGroups"],
  ["environment", "Environments"],
  ["tenant", "Tenants"],
] as const;

/**
 * What the user may do, as far as the portal needs to know: it decides what is offered. The server decides what is done.
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
    if (!this.isKnown || this.held.get(key(permission, null))?.IsUnrestricted) return true;
    const held = this.held.get(key(permission, place.space ?? null));
    if (!held) return false;
    return held.IsUnrestricted || held.Grants.some((grant) => reaches(grant.RestrictedTo, place));
  }
}

type Restriction = Shape<"EffectiveGrant">["RestrictedTo"];

/** Projects and project groups widen each other; everything else narrows. */
function reaches(restriction: Restriction, place: Place): boolean {
  const missed = new Set<string>();
  const met = new Set<string>();
  for (const [name, kind] of KINDS) {
    const list = restriction[kind];
    const id = place[name];
    if (list === undefined || id === undefined) continue;
    (list.some((one) => one.Id === id) ? met : missed).add(kind);
  }
  const wantsProject = missed.has("Projects") || missed.has("ProjectGroups");
  if (wantsProject && !met.has("Projects") && !met.has("ProjectGroups")) {
    // A grant narrowed to groups reaches a project whose group the place does not tell.
    const isOpen = restriction.ProjectGroups !== undefined && place.projectGroup === undefined;
    if (!isOpen) return false;
  }
  return !missed.has("Environments") && !missed.has("Tenants");
}

function key(permission: string, space: string | null): string {
  return `${space ?? ""}/${permission}`;
}

const rightsQuery = (user: string) =>
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

/** The server's own words on why the user may not do something in a place. */
export const refusalQuery = (user: string, permission: string, place: Place) =>
  queryOptions({
    queryKey: ["refusal", user, permission, place],
    queryFn: () =>
      answer(
        api.GET("/api/users/{id}/permissions/explain", {
          params: { path: { id: user }, query: { permission, ...place } },
        }),
      ),
    staleTime: 60_000,
  });
