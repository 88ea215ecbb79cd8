import { describe, expect, it } from "vitest";
import { changedParts, changesBetween, restored } from "./changes";
import { merge } from "./merge";
import { variable } from "./testing";
import { asType, toSend, withoutSecrets } from "./variable";

const host = variable("1", { Name: "Host", Value: "a" });
const port = variable("2", { Name: "Port", Value: "1" });
const key = { ...variable("3", { Name: "Key", Type: "Sensitive" as const, IsSensitive: true }), Value: null };

describe("what has changed", () => {
  it("counts what is new, changed and deleted", () => {
    const changes = changesBetween([host, port], [{ ...host, Value: "b" }, variable("new-1")]);
    expect(changes.words).toBe("1 new, 1 changed, 1 deleted");
    expect(changes.total).toBe(3);
    expect(changes.deleted).toEqual([port]);
  });

  it.each([
    ["an empty text is none", host, { ...host, Description: "" }, []],
    [
      "the order of a scope",
      variable("1", { Scope: { Role: ["a", "b"] } }),
      variable("1", { Scope: { Role: ["b", "a"] } }),
      [],
    ],
    ["a secret that is typed", key, { ...key, Value: "new" }, ["Value"]],
    ["a secret that was read again", key, { ...key, Secret: { HasValue: true, NewValue: null, Hint: null } }, []],
    ["scope and name", host, { ...host, Name: "H", Scope: { Role: ["a"] } as never }, ["Name", "Scope"]],
  ])("by parts: %s", (_title, before, after, expected) => {
    expect(changedParts(before, after)).toEqual(expected);
  });

  it("takes back one of several, a deleted one to its place", () => {
    expect(restored([host, port, key], [host, key], "2").map((one) => one.Id)).toEqual(["1", "2", "3"]);
    expect(restored([host, port], [{ ...host, Value: "b" }, port], "1")[0]).toBe(host);
    expect(restored([host], [host, variable("new-1")], "new-1")).toEqual([host]);
  });
});

describe("changes on top of what others saved", () => {
  it("takes both where they are of different parts, places and variables", () => {
    const theirs = [{ ...host, Description: "theirs" }, port, variable("9", { Name: "Theirs" })];
    const mine = [{ ...host, Value: "mine" }, variable("new-1", { Name: "Mine" }), port];
    const { variables, clashes } = merge([host, port], mine, theirs);
    expect(clashes).toEqual([]);
    expect(variables.map((one) => one.Name)).toEqual(["Host", "Mine", "Port", "Theirs"]);
    expect(variables[0]).toMatchObject({ Value: "mine", Description: "theirs" });
  });

  it("keeps mine where both changed the same, and tells it", () => {
    const { variables, clashes } = merge([host], [{ ...host, Value: "mine" }], [{ ...host, Value: "theirs" }]);
    expect(variables[0]?.Value).toBe("mine");
    expect(clashes).toMatchObject([{ id: "1", part: "Value", theirs: { Value: "theirs" } }]);
  });

  it.each([
    ["both deleted it", [], [], 0, 0],
    ["I deleted it", [], [host], 0, 0],
    ["I deleted what they changed", [], [{ ...host, Value: "b" }], 0, 1],
    ["they deleted it", [host], [], 0, 0],
    ["they deleted what I changed", [{ ...host, Value: "b" }], [], 1, 1],
    ["both changed it to the same", [{ ...host, Value: "b" }], [{ ...host, Value: "b" }], 1, 0],
  ])("%s", (_title, mine, theirs, count, clashes) => {
    const merged = merge([host], mine, theirs);
    expect([merged.variables.length, merged.clashes.length]).toEqual([count, clashes]);
  });
});

describe("secrets", () => {
  it("are not kept beyond a reload", () => {
    const kept = withoutSecrets({ version: 1, variables: [{ ...key, Value: "s3cret" }, host] });
    expect(JSON.stringify(kept)).not.toContain("s3cret");
    expect(kept.variables[1]).toBe(host);
  });

  it("become nothing else, and go as they came where nothing was typed", () => {
    const stored = { ...key, Secret: { HasValue: true, NewValue: null, Hint: null } };
    expect(asType({ ...stored, Value: "typed" }, "String")).toMatchObject({
      Value: "",
      Secret: null,
      IsSensitive: false,
    });
    expect(asType(host, "Sensitive")).toMatchObject({ Value: "a", IsSensitive: true });
    expect(asType({ ...host, Type: "Certificate" }, "String").Value).toBe("");
    expect(toSend([stored])[0]).toMatchObject({ Id: "3", Value: null, Secret: { HasValue: true, NewValue: null } });
    expect(toSend([variable("new-7")])[0]?.Id).toBe("");
  });
});
