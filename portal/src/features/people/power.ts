import { useQuery } from "@tanstack/react-query";
import { type Rights, rightsQuery, useRights } from "@/api/rights";
import { meQuery, type User } from "@/api/session";
import type { Need } from "@/components/permitted";

interface Held {
  Permission: string;
  SpaceId: string | null;
}

const LOOK = /(?:View|ViewUnscoped|ViewLog|Download|ExportPrivateKey)$/;

/**
 * What is missing to look after somebody: who could give them a password could be them, so it takes every power over
 * the server that they have. Null when nothing is missing.
 */
export function missingPower(rights: Rights, theirs: readonly Held[]): string | null {
  const powers = theirs.filter((one) => one.SpaceId === null && !LOOK.test(one.Permission));
  return powers.find((one) => !rights.allows(one.Permission))?.Permission ?? null;
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
