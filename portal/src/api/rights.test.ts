import { describe, expect, test } from "vitest";
import type { Shape } from "./client";
import { type Place, Rights } from "./rights";

type Narrowing = Record<string, string[]>;

/** What a role gives in Spaces-1, each narrowing a grant of its own; without any it is given everywhere there. */
function held(Permission: string, ...narrowings: Narrowing[]): Shape<"EffectivePermission"> {
  const Grants = narrowings.map((one) => ({
    TeamId: "Teams-1",
    TeamName: "Web team",
    UserRoleId: "userroles-projectdeployer",
    UserRoleName: "Project Deployer",
    RestrictedTo: Object.fromEntries(Object.entries(one).map(([kind, ids]) => [kind, ids.map(named)])),
  }));
  return { Permission, SpaceId: "Spaces-1", SpaceName: "Default", IsUnrestricted: Grants.length === 0, Grants };
}

function named(Id: string) {
  return { Id, Name: Id };
}

function ofServer(Permission: string): Shape<"EffectivePermission"> {
  return { ...held(Permission), SpaceId: null, SpaceName: null };
}

function may(rights: Shape<"EffectivePermission">, place: Place): boolean {
  return new Rights([rights]).allows(rights.Permission, place);
}

const here = { space: "Spaces-1" };

describe("a grant reaches", () => {
  const web = held("DeploymentCreate", { Projects: ["Projects-1"] });
  const test1 = held("DeploymentCreate", { Projects: ["Projects-1"], Environments: ["Environments-1"] });
  const acme = held("DeploymentCreate", { Tenants: ["Tenants-1"] });
  test.each<[string, Shape<"EffectivePermission">, Place, boolean]>([
    [
      "what is unrestricted, everywhere in the space",
      held("DeploymentCreate"),
      { ...here, project: "Projects-9" },
      true,
    ],
    ["nothing in another space", held("DeploymentCreate"), { space: "Spaces-2" }, false],
    ["its project", web, { ...here, project: "Projects-1" }, true],
    ["no other project", web, { ...here, project: "Projects-2" }, false],
    ["what leaves the project open", web, here, true],
    ["nothing that concerns no project", web, { ...here, project: null }, false],
    ["its environment of its project", test1, { ...here, project: "Projects-1", environment: "Environments-1" }, true],
    ["no other environment", test1, { ...here, project: "Projects-1", environment: "Environments-2" }, false],
    [
      "its environment in no other project",
      test1,
      { ...here, project: "Projects-2", environment: "Environments-1" },
      false,
    ],
    ["its tenant", acme, { ...here, tenant: "Tenants-1" }, true],
    ["no deployment without a tenant", acme, { ...here, tenant: null }, false],
    [
      "a release, which has no tenant",
      held("ReleaseCreate", { Tenants: ["Tenants-1"] }),
      { ...here, tenant: null },
      true,
    ],
    [
      "groups of projects",
      held("ProjectCreate", { ProjectGroups: ["ProjectGroups-1"] }),
      { ...here, projectGroup: "ProjectGroups-1" },
      true,
    ],
    [
      "no other group",
      held("ProjectCreate", { ProjectGroups: ["ProjectGroups-1"] }),
      { ...here, projectGroup: "ProjectGroups-2" },
      false,
    ],
  ])("%s", (_, rights, place, allowed) => {
    expect(may(rights, place)).toBe(allowed);
  });
});

describe("several environments", () => {
  const both = { ...here, environment: ["Environments-1", "Environments-2"] };
  const one = { Environments: ["Environments-1"] };
  const other = { Environments: ["Environments-2"] };
  test.each<[string, Shape<"EffectivePermission">, boolean]>([
    [
      "are changed by who may change all",
      held("MachineEdit", { Environments: ["Environments-1", "Environments-2"] }),
      true,
    ],
    ["are changed by grants together", held("MachineEdit", one, other), true],
    ["are not changed by who may change one", held("MachineEdit", one), false],
    ["are seen by who may see one", held("MachineView", one), true],
    ["are not seen by who sees another one", held("MachineView", { Environments: ["Environments-3"] }), false],
  ])("%s", (_, rights, allowed) => {
    expect(may(rights, both)).toBe(allowed);
  });

  test("the one that is missed is told", () => {
    const rights = new Rights([held("MachineEdit", one)]);
    expect(rights.missed("MachineEdit", both)).toEqual({ ...here, environment: "Environments-2" });
  });

  test("none at all is what concerns none", () => {
    expect(may(held("MachineEdit", one), { ...here, environment: [] })).toBe(false);
    expect(may(held("MachineEdit"), { ...here, environment: [] })).toBe(true);
  });
});

describe("the level of the server", () => {
  test.each<[string, string, Place, boolean]>([
    ["gives what is of the server", "UserEdit", {}, true],
    ["gives it also to who stands in a space", "UserEdit", here, true],
    ["gives no team of a space", "TeamEdit", here, false],
    ["gives teams of the server", "TeamEdit", {}, true],
  ])("%s", (_, permission, place, allowed) => {
    expect(new Rights([ofServer(permission)]).allows(permission, place)).toBe(allowed);
  });

  test("a right in a space is none at the server", () => {
    expect(new Rights([held("TeamEdit")]).allows("TeamEdit")).toBe(false);
  });
});

test("until rights are known everything is offered", () => {
  expect(new Rights(undefined).allows("ProjectCreate", here)).toBe(true);
  expect(new Rights([]).allows("ProjectCreate", here)).toBe(false);
});
