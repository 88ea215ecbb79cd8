import { describe, expect, it } from "vitest";
import type { Tag, TagSet } from "@/api/tag-sets";
import { barredBecause, COLORS, newTag, numbered } from "./model";

const tag = (Name: string, Color = "#000000") => ({ Name, Color, SortOrder: 7 }) as Tag;
const set = (more: Partial<TagSet>) =>
  ({ Name: "Tier", Type: "MultiSelect", Scopes: ["Tenant"], Tags: [], ...more }) as unknown as TagSet;

describe("a new tag", () => {
  it("takes the colour that is used least, and a key of its own", () => {
    expect(newTag([]).Color).toBe(COLORS[0]);
    expect(newTag([tag("Gold", COLORS[0].toUpperCase())]).Color).toBe(COLORS[1]);
    expect(newTag([]).Id).not.toBe(newTag([]).Id);
  });
});

describe("a tag set", () => {
  it("sends its tags in the order in which they are shown", () => {
    expect(numbered(set({ Tags: [tag("B"), tag("A")] })).Tags.map((one) => one.SortOrder)).toEqual([0, 1]);
  });

  it.each<[Partial<TagSet>, string | null]>([
    [{}, null],
    [{ Name: "  " }, "The tag set needs a name."],
    [{ Scopes: [] }, "Choose what the tags are for."],
    [{ Tags: [tag("Gold"), tag(" ")] }, "Every tag needs a name."],
    [{ Tags: [tag("Gold"), tag("Silver"), tag("gold ")] }, "There are two tags with the name gold."],
  ])("%j can be saved, or says what to mend", (more, sentence) => {
    expect(barredBecause(set(more))).toBe(sentence);
  });
});
