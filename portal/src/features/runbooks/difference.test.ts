import { describe, expect, it } from "vitest";
import { processDifferences, variableDifferences } from "./difference";
import type { Process, Variables } from "./snapshots-api";

const step = (id: string, name: string, script: string) => ({
  Id: id,
  Name: name,
  Properties: {},
  Actions: [{ Id: `${id}-a`, Name: name, Properties: { "Octopus.Action.Script.ScriptBody": script } }],
});
const process = (...steps: ReturnType<typeof step>[]) => ({ Steps: steps }) as unknown as Process;
const variables = (...list: object[]) => ({ Variables: list }) as unknown as Variables;
const noScope = () => "";

describe("what differs between a snapshot and today", () => {
  it("finds nothing where nothing changed", () => {
    expect(processDifferences(process(step("1", "A", "x")), process(step("1", "A", "x")))).toEqual([]);
  });

  it("tells steps that came and went", () => {
    const found = processDifferences(process(step("1", "A", "x")), process(step("2", "B", "y")));
    expect(found.map((one) => [one.kind, one.name])).toEqual([
      ["added", "B"],
      ["removed", "A"],
    ]);
  });

  it("tells a script then and now, by its short name", () => {
    const [found] = processDifferences(process(step("1", "A", "echo 1")), process(step("1", "A", "echo 2")));
    expect(found).toEqual({
      name: "A",
      kind: "changed",
      details: [{ what: "Script.ScriptBody", before: "echo 1", now: "echo 2" }],
    });
  });

  it("tells that only the order changed", () => {
    const [a, b] = [step("1", "A", "x"), step("2", "B", "y")];
    expect(processDifferences(process(a, b), process(b, a)).map((one) => one.name)).toEqual(["The order of the steps"]);
  });

  it("compares variables by their values, and never shows a secret", () => {
    const old = variables(
      { Id: "1", Name: "Color", Value: "red", Type: "String" },
      { Id: "2", Name: "Key", Value: null, IsSensitive: true, Type: "Sensitive" },
    );
    const now = variables({ Id: "1", Name: "Color", Value: "blue", Type: "String" });
    expect(variableDifferences(old, now, noScope)).toEqual([
      { name: "Color", kind: "changed", details: [{ what: "Value", before: "red", now: "blue" }] },
      { name: "Key", kind: "removed", details: [{ what: "Value", before: "(a secret)", now: "" }] },
    ]);
  });
});
