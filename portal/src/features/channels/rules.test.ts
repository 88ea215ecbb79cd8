import { describe, expect, it } from "vitest";
import type { Rule } from "./api";
import { concerns, placeOfKey, refusalOf, ruleWords } from "./rules";

const rule = (action: string, reference: string | null) =>
  ({ ActionPackages: [{ DeploymentAction: action, PackageReference: reference }] }) as Rule;
const tried = (range: boolean, tag: boolean, ...errors: string[]) => ({
  Version: "1",
  SatisfiesVersionRange: range,
  SatisfiesPreReleaseTag: tag,
  Errors: errors,
});

describe("version rules of a channel", () => {
  it("knows the package that a rule names, whatever the case", () => {
    expect(concerns(rule("deploy web", null), { ActionName: "Deploy Web", PackageReferenceName: "" })).toBe(true);
    expect(concerns(rule("Deploy Web", "tools"), { ActionName: "Deploy Web", PackageReferenceName: "" })).toBe(false);
  });

  it("takes a key apart at its last slash", () => {
    expect(placeOfKey("Build/test/tools")).toEqual({ DeploymentAction: "Build/test", PackageReference: "tools" });
  });

  it.each([
    [tried(true, true), null],
    [tried(false, false), "is outside the range"],
    [tried(true, false), "has a pre-release tag that does not match"],
    [tried(false, false, "It is no range."), "It is no range."],
  ])("says of %j why it is refused", (outcome, words) => {
    expect(refusalOf(outcome)).toBe(words);
  });

  it.each([
    ["", "", "any version"],
    ["[1.0,2.0)", "^$", "versions in [1.0,2.0), stable only"],
    ["", "^beta", "any version, pre-release tag like ^beta"],
  ])("reads %s and %s as words", (VersionRange, tag, words) => {
    expect(ruleWords({ VersionRange }, tag)).toBe(words);
  });
});
