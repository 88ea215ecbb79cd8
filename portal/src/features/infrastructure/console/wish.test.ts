import { describe, expect, it } from "vitest";
import { argumentsOf, missingIn, NEW_SCRIPT, permissionFor, type Wish } from "./wish";

const WISH: Wish = { ...NEW_SCRIPT, MachineIds: ["Machines-1"], WorkerIds: ["Workers-1"], ScriptBody: "echo hello" };

describe("a script that is run once", () => {
  it("is sent with what its aim is about, and nothing else", () => {
    expect(argumentsOf({ ...WISH, Aim: "Workers" })).toEqual({
      TargetType: "Workers",
      WorkerIds: ["Workers-1"],
      Syntax: "Bash",
      ScriptBody: "echo hello",
    });
  });
  it.each<[Partial<Wish>, string]>([
    [{}, ""],
    [{ ScriptBody: " " }, "what it is to do"],
    [{ Aim: "WorkerPools" }, "where it is to run"],
    [{ Aim: "Environments" }, "where it is to run"],
    [{ Aim: "Environments", TargetRoles: ["web"] }, ""],
    [{ Aim: "OctopusServer" }, ""],
  ])("with %j lacks '%s'", (change, missing) => expect(missingIn({ ...WISH, ...change })).toBe(missing));
  it.each<[Wish["Aim"], string]>([
    ["Machines", "MachineEdit"],
    ["WorkerPools", "WorkerEdit"],
    ["OctopusServer", "AdministerSystem"],
  ])("on %s needs %s", (Aim, permission) => {
    expect(permissionFor({ ...WISH, Aim }, "Spaces-1").permission).toBe(permission);
  });
});
