import { describe, expect, it } from "vitest";
import { processDifferences } from "./process-difference";
import type { Step } from "./process-fields";

function step(id: string, name: string, script: string, more: Record<string, unknown> = {}): Step {
  const action = {
    Id: `a-${id}`,
    Name: name,
    ActionType: "Octopus.Script",
    Condition: "Success",
    Container: { Image: null, FeedId: null },
    Environments: [],
    ExcludedEnvironments: [],
    Channels: [],
    TenantTags: [],
    Packages: [],
    GitDependencies: [],
    WorkerPoolId: null,
    WorkerPoolVariable: null,
    Notes: null,
    Properties: { "Octopus.Action.Script.ScriptBody": script, ...more },
  };
  const settings = { Condition: "Success", StartTrigger: "StartAfterPrevious", PackageRequirement: "LetOctopusDecide" };
  return { Id: id, Name: name, ...settings, Properties: {}, Actions: [action] } as unknown as Step;
}

describe("the difference of two processes", () => {
  it("is nothing between equal ones", () => {
    expect(processDifferences([step("1", "A", "x")], [step("1", "A", "x")])).toEqual([]);
  });

  it("names the fields that became others, and steps that came, went or moved", () => {
    const before = [step("1", "A", "x"), step("2", "B", "y"), step("3", "C", "z")];
    const after = [step("2", "B", "y"), step("1", "A", "x2"), step("4", "D", "new")];
    const found = processDifferences(before, after);
    expect(found.map((one) => [one.name, one.change])).toEqual([
      ["B", "Moved"],
      ["A", "Changed"],
      ["D", "Added"],
      ["C", "Removed"],
    ]);
    expect(found[1]?.fields).toEqual([{ name: "Script.ScriptBody", before: "x", after: "x2" }]);
    expect(found[3]?.fields[0]).toEqual({ name: "Kind", before: "Octopus.Script", after: null });
  });

  it("tells of a new name, and never the text of a secret", () => {
    const secret = { "Octopus.Action.Password": { HasValue: true, NewValue: null, Hint: null } };
    const [found] = processDifferences([step("1", "A", "x")], [step("1", "Again", "x", secret)]);
    expect(found?.fields).toContainEqual({ name: "Name", before: "A", after: "Again" });
    expect(found?.fields).toContainEqual({ name: "Password", before: null, after: "A secret" });
  });
});
