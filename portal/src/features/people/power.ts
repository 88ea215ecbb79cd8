import { useQuery } from "@tanstack/react-query";
import { type Rights, rightsQuery, useRights } from "@/api/rights";
import { meQuery, type User } from "@/api/session";
import type { Need } from "@/components/permitted";
import { type Role, rolesByIdsQuery } from "./roles-api";
import { scopedRolesQuery, type Team } from "./teams-api";

interface Held {
  Permission: string;
  SpaceId: string | null;
}

const LOOK = /(?:View|ViewUnscoped|ViewLog|Download|ExportPrivateKey)$/;

/** The first of the powers over the server that the user lacks; to look at things is no power. */
export function missingOf(rights: Rights, permissions: Iterable<string>): string | null {
  for (const one of permissions) if (!LOOK.test(one) && !rights.allows(one)) return one;
  return null;
}

/**
 * What is missing to look after somebody: who could give them a password could be them, so it takes every power over
 * the server that they have. Null when nothing is missing.
 */
export function missingPower(rights: Rights, theirs: readonly Held[]): string | null {
  const ofServer = theirs.filter((one) => one.SpaceId === null);
  return missingOf(
    rights,
    ofServer.map((one) => one.Permission),
  );
}

/** What it takes to change a user: the right to edit users, and all the power that they have. */
export function useNeedOver(user: Pick<User, "Id">): Need {
  const rights = useRights();
  const { data: me } = useQuery(meQuery);
  const isOther = me !== undefined && me.Id !== user.Id;
  const mayLook = rights.isKnown && rights.allows("UserView");
  const { data } = useQuery({ ...rightsQuery(user.Id), enabled: isOther && mayLook });
  const missing = isOther && data && rights.allows("UserEdit") ? missingPower(rights, data.Permissions) : null;
  return { permission: missing ?? "UserEdit" };
}

/** What it takes to give roles, or take them away: the right to edit the team, and all the power that they give. */
export function needForRoles(rights: Rights, team: Pick<Team, "SpaceId">, roles: readonly Role[]): Need {
  const edit = { permission: "TeamEdit", space: team.SpaceId ?? undefined };
  if (!rights.allows(edit.permission, { space: edit.space })) return edit;
  const missing = missingOf(
    rights,
    roles.flatMap((role) => role.GrantedSystemPermissions),
  );
  return missing === null ? edit : { permission: missing };
}

/** What it takes to say who belongs to a team: who could make somebody a member could make them powerful. */
export function useNeedOverTeam(team: Team): Need {
  const rights = useRights();
  const { data: held = [] } = useQuery(scopedRolesQuery(team.Id));
  const { data: roles = [] } = useQuery(rolesByIdsQuery(held.map((one) => one.UserRoleId)));
  return needForRoles(rights, team, roles);
}
