import { describe, expect, it } from "vitest";
import { type TagSet, tagParts, tagsOfSet, withTagsOfSet } from "./tag-sets";

const tier = { Name: "Tier" } as TagSet;

describe("a tag's canonical name", () => {
  it.each([
    ["Tier/Gold", "Tier", "Gold"],
    ["Note/due 1/2", "Note", "due 1/2"],
    ["Gold", "", "Gold"],
  ])("%s is of the set %s", (name, set, tag) => {
    expect(tagParts(name)).toEqual({ set, tag });
  });
});

describe("the tags of a set", () => {
  it("are told from those of others, whatever their case", () => {
    expect(tagsOfSet(tier, ["Region/EU", "tier/Gold", "Tiers/X"])).toEqual(["tier/Gold"]);
  });

  it("are replaced without touching others", () => {
    expect(withTagsOfSet(tier, ["Region/EU", "Tier/Gold"], ["Tier/Silver"])).toEqual(["Region/EU", "Tier/Silver"]);
    expect(withTagsOfSet(tier, ["Region/EU", "Tier/Gold"], [])).toEqual(["Region/EU"]);
  });
});
