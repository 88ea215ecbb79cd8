import { expect, test } from "vitest";
import { Rights } from "@/api/rights";
import { missingPower, needForRoles } from "./power";

const held = (Permission: string, SpaceId: string | null = null) => ({
  Permission,
  SpaceId,
  SpaceName: null,
  IsUnrestricted: true,
  Grants: [],
});
const helpdesk = new Rights([held("UserEdit"), held("UserView")]);

test.each([
  ["somebody without rights", [], null],
  ["who edits users as well", [held("UserEdit"), held("UserView")], null],
  ["who only sees more", [held("SpaceView"), held("EventView")], null],
  ["who does everything in a space", [held("ProjectEdit", "Spaces-1")], null],
  ["an administrator", [held("AdministerSystem"), held("UserEdit")], "AdministerSystem"],
  ["who makes roles", [held("UserEdit"), held("UserRoleEdit")], "UserRoleEdit"],
] as const)("to look after %s takes their power over the server", (_, theirs, missing) => {
  expect(missingPower(helpdesk, theirs)).toBe(missing);
});

const role = (...GrantedSystemPermissions: string[]) => ({ GrantedSystemPermissions }) as never;
const lead = new Rights([held("TeamEdit"), held("TeamEdit", "Spaces-1"), held("UserInvite")]);

test.each([
  ["roles of projects", "Spaces-1", [role("TeamView", "UserView")], { permission: "TeamEdit", space: "Spaces-1" }],
  ["a power that one has", null, [role("UserInvite")], { permission: "TeamEdit", space: undefined }],
  ["a power that one has not", null, [role("UserInvite"), role("UserEdit")], { permission: "UserEdit" }],
  ["any role of another space", "Spaces-2", [role("UserEdit")], { permission: "TeamEdit", space: "Spaces-2" }],
] as const)("to give %s takes what the server asks for", (_, SpaceId, roles, need) => {
  expect(needForRoles(lead, { SpaceId }, roles)).toEqual(need);
});
