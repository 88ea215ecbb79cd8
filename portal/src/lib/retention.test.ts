import { describe, expect, it } from "vitest";
import { choiceOf, keptOf, keptWords } from "./retention";

const RELEASES = ["release", "releases"] as const;

describe("retention", () => {
  it.each([
    [null, "Default"],
    [{ Strategy: "Default", ShouldKeepForever: false }, "Default"],
    [{ Strategy: "", ShouldKeepForever: true }, "Forever"],
    [{ Strategy: "", ShouldKeepForever: false }, "Count"],
    [{ Strategy: "Count", ShouldKeepForever: true }, "Count"],
  ] as const)("reads the choice of %j", (kept, choice) => {
    expect(choiceOf(kept)).toBe(choice);
  });

  it.each([
    [{ Strategy: "Forever", QuantityToKeep: null, Unit: null }, "everything"],
    [{ Strategy: "Count", QuantityToKeep: 1, Unit: "Items" }, "the last release"],
    [{ Strategy: "Count", QuantityToKeep: 5, Unit: "Items" }, "the last 5 releases"],
    [{ Strategy: "Count", QuantityToKeep: 1, Unit: "Days" }, "1 day"],
    [{ Strategy: "Count", QuantityToKeep: 30, Unit: "Days" }, "30 days"],
  ] as const)("says %j", (kept, words) => {
    expect(keptWords(kept, RELEASES)).toBe(words);
  });

  it("keeps the amount when the choice goes to and fro", () => {
    const counted = keptOf("Count", null, { QuantityToKeep: 3, Unit: "Items" });
    const back = keptOf("Count", keptOf("Forever", counted, { QuantityToKeep: 9, Unit: "Days" }), {
      QuantityToKeep: 9,
      Unit: "Days",
    });
    expect(back).toEqual({ Strategy: "Count", QuantityToKeep: 3, Unit: "Items", ShouldKeepForever: false });
  });
});
