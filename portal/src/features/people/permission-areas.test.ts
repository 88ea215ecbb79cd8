import { expect, test } from "vitest";
import { areaOf, areasOf } from "./permission-areas";

test.each([
  ["ProjectEdit", "Projects"],
  ["VariableViewUnscoped", "Projects"],
  ["DeploymentCreate", "Deployments"],
  ["DeploymentFreezeAdminister", "Server"],
  ["RunbookRunCreate", "Runbooks"],
  ["MachinePolicyEdit", "Infrastructure"],
  ["DeployedResourceAdminister", "Infrastructure"],
  ["BuiltInFeedPush", "Library"],
  ["UserRoleEdit", "People"],
  ["TagSetEdit", "Tenants"],
  ["AdministerSystem", "Server"],
  ["SomethingNew", "Server"],
])("%s belongs to %s", (permission, area) => {
  expect(areaOf(permission)).toBe(area);
});

const named = (Name: string, Description: string) => ({
  Name,
  Description,
  SupportedRestrictions: [],
  CanApplyAtSpaceLevel: true,
  CanApplyAtSystemLevel: false,
});

test("words are looked for in names and descriptions, and empty areas are left out", () => {
  const all = [
    named("ProjectEdit", "Change projects"),
    named("DeploymentCreate", "Deploy releases"),
    named("TeamView", "See teams"),
  ];
  expect(areasOf(all).map((area) => area.name)).toEqual(["Projects", "Deployments", "People"]);
  expect(areasOf(all, "deploy").map((area) => area.name)).toEqual(["Deployments"]);
  expect(areasOf(all, "change proj")).toHaveLength(1);
  expect(areasOf(all, "nothing")).toEqual([]);
});
