import { describe, expect, it } from "vitest";
import { ApiError } from "@/api/errors";
import { type Action, type Step, withoutSecrets } from "./document";
import { expressionFaults } from "./expressions";
import { faultsByStep } from "./faults";
import { newAction } from "./kinds";
import { merge } from "./merging";
import { stepOf } from "./moving";
import { newPackage, primaryOf, withPrimary } from "./packages";
import { flagIn, hasFeature, listIn, type PACKAGE_ID, withFeature, withList, withText } from "./properties";

function step(name: string, more: Partial<Action> = {}): Step {
  const action = { ...newAction("Octopus.Script", name, []), Id: `a-${name}`, ...more };
  return { ...stepOf(action), Id: name, Slug: name.toLowerCase() };
}

const process = (...steps: Step[]) => ({ Version: 1, Steps: steps });
const noted = (name: string, Notes: string) => step(name, { Notes });
const told = ({ Steps }: { Steps: Step[] }) => Steps.map((one) => one.Id + (one.Actions[0]?.Notes ?? "")).join(" ");

describe("changes of two people", () => {
  const base = process(step("A"), step("B"), step("C"));

  it.each([
    [
      "in different steps stand both",
      [noted("A", "!"), step("B"), step("C")],
      [step("A"), noted("B", "?"), step("C")],
      "A! B? C",
      "",
    ],
    [
      "in one step stand as they are here",
      [noted("A", "!"), step("B"), step("C")],
      [noted("A", "?"), step("B"), step("C")],
      "A! B C",
      "A",
    ],
    [
      "a new step of each stays",
      [step("A"), step("X"), step("B"), step("C")],
      [step("A"), step("B"), step("C"), step("Y")],
      "A X B C Y",
      "",
    ],
    [
      "theirs are gone where they took them out",
      [noted("A", "!"), step("B"), step("C")],
      [step("A"), step("C")],
      "A! C",
      "",
    ],
    ["mine is gone where I took it out", [step("A"), step("C")], [noted("A", "?"), step("B"), step("C")], "A? C", ""],
    ["my order stays", [step("C"), step("A"), step("B")], [step("A"), noted("B", "?"), step("C")], "C A B?", ""],
    ["their order stays", [noted("A", "!"), step("B"), step("C")], [step("B"), step("A"), step("C")], "B A! C", ""],
  ])("%s", (_, mine, theirs, expected, both) => {
    const merged = merge(base, process(...mine), process(...theirs));
    expect(told(merged.process)).toBe(expected);
    expect(merged.both.join()).toBe(both);
  });
});

describe("a refusal", () => {
  const steps = [step("Deploy", { Channels: ["Channels-9"] }), step("Mail")];
  const refused = (...faults: string[]) =>
    faultsByStep(steps, new ApiError(400, "The process cannot be saved.", faults));

  it.each([
    ["Step 'Mail' needs the subject of the e-mail.", "mail"],
    ["There are two actions with the name 'deploy'; a name stands for one action only.", "deploy"],
    ["Step 2 needs a name.", "mail"],
    ["Channels names 'Channels-9', which is no channel of this project.", "deploy"],
    ["The server is tired.", ""],
  ])("%s", (sentence, key) => {
    expect(refused(sentence, "The other.").get(key)).toContain(sentence);
  });
});

describe("properties", () => {
  it("are written as the API has them, and taken out when they are empty", () => {
    const old = { Kept: "1", Secret: { HasValue: true, NewValue: null, Hint: null } };
    expect(withText(old, "Name", "x")).toEqual({ ...old, Name: "x" });
    expect(withText({ ...old, Name: "x" }, "Name", "")).toEqual(old);
    expect(withText(old, "Name", null)).toBe(old);
    expect(listIn({ L: "a, b;c\nd" }, "L")).toEqual(["a", "b", "c", "d"]);
    expect(withList({}, "L", ["a", "b"])).toEqual({ L: "a,b" });
    expect([flagIn({ F: "TRUE" }, "F"), flagIn({}, "F", true), flagIn({ F: "False" }, "F", true)]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it("keep the features that nobody here knows", () => {
    const on = withFeature({ "Octopus.Action.EnabledFeatures": "Theirs" }, "Octopus.Features.CustomScripts", true);
    expect(on["Octopus.Action.EnabledFeatures"]).toBe("Theirs,Octopus.Features.CustomScripts");
    expect(hasFeature(on, "octopus.features.customscripts")).toBe(true);
    expect(withFeature(on, "Octopus.Features.CustomScripts", false)["Octopus.Action.EnabledFeatures"]).toBe("Theirs");
  });

  it("say the primary package, too", () => {
    const referenced = { ...newAction("Octopus.Script", "A", []), Packages: [newPackage("tools")] };
    const made = withPrimary(referenced, { PackageId: "Shop.Web" });
    expect(primaryOf(made)?.PackageId).toBe("Shop.Web");
    expect(made.Packages).toHaveLength(2);
    const id: typeof PACKAGE_ID = "Octopus.Action.Package.PackageId";
    expect(made.Properties[id]).toBe("Shop.Web");
    expect(withPrimary(made, null).Packages).toEqual(referenced.Packages);
    expect(withPrimary(made, null).Properties).toEqual(referenced.Properties);
  });

  it("lose no stored secret, and no typed one into the tab's storage", () => {
    const typed = step("A", { Properties: { Plain: "x", S: { HasValue: true, NewValue: "hush", Hint: null } } });
    const stored = step("A", { Properties: { S: { HasValue: true, NewValue: null, Hint: null } } });
    const secretOf = (kept: ReturnType<typeof process>) => kept.Steps[0]?.Actions[0]?.Properties.S;
    expect(secretOf(withoutSecrets(process(typed), process(stored)))).toEqual(stored.Actions[0]?.Properties.S);
    expect(secretOf(withoutSecrets(process(typed), process()))).toEqual({
      HasValue: false,
      NewValue: null,
      Hint: null,
    });
  });
});

describe("what is wrong with expressions", () => {
  it.each([
    ["plain #{A} and #{A | ToUpper}, ##{no token", []],
    ["one\n#{A", ["Line 2: this #{ has no } after it."]],
    ["#{if A}x", ["Line 1: #{if} is not closed by #{/if}."]],
    ["#{if A}#{each B in C}x#{/each}#{/if}", []],
    ["x#{/unless}", ["Line 1: #{/unless} closes no #{unless}."]],
    ["#{ }", ["Line 1: #{} names no variable."]],
    ["#{A#{B}}", []],
  ])("%s", (text, faults) => {
    expect(expressionFaults(text)).toEqual(faults);
  });
});
