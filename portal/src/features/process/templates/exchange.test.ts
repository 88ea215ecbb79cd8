import { describe, expect, it } from "vitest";
import type { Template } from "../api";
import { optionsOf } from "../form/parameter-field";
import { exported, imported } from "./exchange";

const TEMPLATE = {
  Id: "ActionTemplates-1",
  SpaceId: "Spaces-1",
  Links: {},
  LastModifiedOn: null,
  LastModifiedBy: null,
  Name: "Tell",
  Description: "",
  ActionType: "Octopus.Script",
  Version: 3,
  CommunityActionTemplateId: null,
  CommunityActionTemplateVersion: null,
  Packages: [],
  GitDependencies: [],
  Properties: { "Octopus.Action.Script.ScriptBody": "echo" },
  Parameters: [],
  Inputs: null,
  StepPackageVersion: null,
} satisfies Template;

describe("a template that is carried to another space", () => {
  it("comes back without what belongs to the space", () => {
    const read = imported(exported(TEMPLATE, "2026-11-27T20:00:00Z"));
    const { Id, SpaceId, Links, Version, LastModifiedOn, LastModifiedBy, ...content } = TEMPLATE;
    const { CommunityActionTemplateId, CommunityActionTemplateVersion, ...expected } = content;
    expect(read).toEqual({ template: expected });
  });

  it.each([
    ["{", "This is no JSON."],
    ["[1]", "This is no step template."],
    ['{"Name": "x"}', "This is no step template: it has no Name or no ActionType."],
  ])("%s is refused", (text, fault) => {
    expect(imported(text)).toEqual({ fault });
  });
});

describe("the choices of a parameter", () => {
  it("have a value and a word, each value once", () => {
    const DisplaySettings = { "Octopus.SelectOptions": "good|Green\r\n\nbad\ngood|Twice\n a | b|c " };
    const parameter = {
      Id: "1",
      Name: "x",
      Label: "",
      HelpText: "",
      DefaultValue: "",
      AllowClear: false,
      DisplaySettings,
    };
    expect(optionsOf(parameter)).toEqual([
      { value: "good", label: "Green" },
      { value: "bad", label: "bad" },
      { value: "a", label: "b|c" },
    ]);
  });
});
