import { describe, expect, it } from "vitest";
import { inAll, type Rule, refusalOf, rulesOf, wordsOf } from "./package-rules";

function rule(range: string, tag: string, action = "Web", reference = ""): Rule {
  return {
    Id: "1",
    ActionPackages: [{ DeploymentAction: action, PackageReference: reference }],
    Tag: tag,
    VersionRange: range,
    VersionTagRegex: null,
    VersioningStrategy: null,
  };
}

const GOOD = { SatisfiesVersionRange: true, SatisfiesPreReleaseTag: true, Errors: [] as string[] };

describe("the rules of a channel", () => {
  it("are those that name the step and its package, whatever their case", () => {
    const Rules = [rule("[1,2)", ""), rule("", "^$", "WEB"), rule("", "", "Web", "extra"), rule("", "", "Api")];
    const found = rulesOf({ Rules }, { ActionName: "web", PackageReferenceName: "" });
    expect(found).toEqual([Rules[0], Rules[1]]);
    expect(rulesOf(undefined, { ActionName: "web", PackageReferenceName: "" })).toEqual([]);
  });

  it.each([
    [rule("", ""), "any version"],
    [rule("[2.0,3.0)", ""), "range [2.0,3.0)"],
    [rule("", "^$"), "no pre-releases"],
    [rule("[2.0,)", "^beta"), "range [2.0,), pre-release tag like ^beta"],
  ])("are said in words", (one, words) => {
    expect(wordsOf(one)).toBe(words);
  });

  it.each([
    [[GOOD], null],
    [[{ ...GOOD, SatisfiesVersionRange: false }], "It is not in the range [1,2) that the channel Default asks for."],
    [[{ ...GOOD, SatisfiesPreReleaseTag: false }], "The channel Default takes no pre-releases."],
    [[{ ...GOOD, Errors: ["'x' is not a version."] }], "'x' is not a version."],
  ])("tell what stands against a version", (tests, sentence) => {
    expect(refusalOf([rule("[1,2)", "^$")], tests, "Default")).toBe(sentence);
  });

  it("let a version in when every rule does", () => {
    const lists = [
      ["3", "2", "1"],
      ["1", "3"],
    ].map((list) => list.map((Version) => ({ Version })));
    expect(inAll(lists).map((one) => one.Version)).toEqual(["3", "1"]);
    expect(inAll([])).toEqual([]);
  });
});
