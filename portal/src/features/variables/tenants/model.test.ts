import { describe, expect, it } from "vitest";
import type { Parameter } from "@/components/parameters/controls";
import { type Given, groupsOf, isMissing, split, toWrite, withoutSecrets } from "./model";

const template = (given: Partial<Parameter> = {}): Parameter => ({
  Id: "t1",
  Name: "Domain",
  Label: null,
  HelpText: null,
  DefaultValue: null,
  DisplaySettings: {},
  AllowClear: false,
  ...given,
});

const given = (more: Partial<Given> = {}): Given => ({
  key: "k",
  id: "",
  owner: "Projects-1",
  ownerName: "Web",
  isLibrary: false,
  template: template(),
  value: null,
  environments: ["dev", "prod"],
  ...more,
});

describe("what a tenant gives", () => {
  it.each<[string, Partial<Given>, boolean]>([
    ["nothing, and no default", {}, true],
    ["a text", { value: "x" }, false],
    ["an empty text", { value: "" }, true],
    ["a default", { template: template({ DefaultValue: "d" }) }, false],
    ["a box", { template: template({ DisplaySettings: { "Octopus.ControlType": "Checkbox" } }) }, false],
    ["a kept secret", { value: { HasValue: true, NewValue: null, Hint: null } }, false],
    ["a secret that was removed", { value: { HasValue: false, NewValue: null, Hint: null } }, true],
  ])("is missing: %s", (_title, more, expected) => {
    expect(isMissing(given(more))).toBe(expected);
  });

  it("is split by environment, without copying a secret", () => {
    const [rest, own] = split(
      [given({ id: "v1", value: { HasValue: true, NewValue: null, Hint: null } })],
      "k",
      "prod",
    );
    expect(rest).toMatchObject({ id: "v1", environments: ["dev"] });
    expect(own).toMatchObject({ id: "", environments: ["prod"], value: null });
    expect(split([given({ environments: ["dev"] })], "k", "dev")).toHaveLength(1);
  });

  it("is written as far as there is something; of a library set for all environments", () => {
    const common = given({ key: "c", owner: "LibraryVariableSets-1", isLibrary: true, value: "x" });
    const values = [common, given({ value: "y" }), given({ key: "empty", value: "" })];
    expect(toWrite(values, true)).toMatchObject([
      { LibraryVariableSetId: "LibraryVariableSets-1", Value: "x", Scope: { EnvironmentIds: [] } },
    ]);
    expect(toWrite(values, false)).toMatchObject([
      { ProjectId: "Projects-1", Value: "y", Scope: { EnvironmentIds: ["dev", "prod"] } },
    ]);
  });

  it("is grouped by its owner, library sets first", () => {
    const groups = groupsOf([given(), given({ owner: "L", ownerName: "Mail", isLibrary: true, value: "x" })]);
    expect(groups.map((one) => [one.name, one.missing])).toEqual([
      ["Mail", 0],
      ["Web", 1],
    ]);
  });

  it("stands in one order, whether something is given or not", () => {
    const domain = given({ template: template({ Id: "d", Name: "Domain" }) });
    const alias = given({ template: template({ Id: "a", Name: "Alias" }), value: "x" });
    const orders = [
      [domain, alias],
      [alias, domain],
    ].map((values) => groupsOf(values)[0]?.templates.map((line) => line.template.Name));
    expect(orders).toEqual([
      ["Alias", "Domain"],
      ["Alias", "Domain"],
    ]);
  });

  it("keeps no secret beyond a reload, and does not say that one is set that is not", () => {
    const typed = { HasValue: true, NewValue: "s3cret", Hint: null };
    const stored = { HasValue: true, NewValue: null, Hint: null };
    expect(withoutSecrets([given({ value: typed })], [given()])).toMatchObject([{ value: null }]);
    expect(withoutSecrets([given({ value: typed })], [given({ value: stored })])).toMatchObject([{ value: stored }]);
  });
});
