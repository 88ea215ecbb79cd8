import { expect, test } from "vitest";
import { Rights } from "@/api/rights";
import { missingPower } from "./power";

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
