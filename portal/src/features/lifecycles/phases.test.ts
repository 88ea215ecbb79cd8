import { describe, expect, it } from "vitest";
import { faultOf, newPhase, type Phase, placed, placesOf, promotionWords, removed, sent, unplaced } from "./phases";

const phase = (patch: Partial<Phase>): Phase => ({ ...newPhase("Test"), ...patch });

describe("phases of a lifecycle", () => {
  it("lists environments in the order of the space, whatever their way", () => {
    const one = phase({ AutomaticDeploymentTargets: ["E-3"], OptionalDeploymentTargets: ["E-9", "E-1"] });
    expect(placesOf(one, ["E-1", "E-2", "E-3"])).toEqual([
      { environment: "E-1", way: "manual" },
      { environment: "E-3", way: "automatic" },
      { environment: "E-9", way: "manual" },
    ]);
  });

  it("changes the way of an environment without having it twice", () => {
    const one = placed(placed(phase({}), "E-1", "manual"), "E-1", "automatic");
    expect([one.AutomaticDeploymentTargets, one.OptionalDeploymentTargets]).toEqual([["E-1"], []]);
  });

  it("keeps the minimum when the way changes, and lowers it when an environment goes", () => {
    const two = phase({ OptionalDeploymentTargets: ["E-1", "E-2"], MinimumEnvironmentsBeforePromotion: 2 });
    expect(placed(two, "E-1", "automatic").MinimumEnvironmentsBeforePromotion).toBe(2);
    expect(removed(two, "E-1").MinimumEnvironmentsBeforePromotion).toBe(1);
    expect(removed(removed(two, "E-1"), "E-2").MinimumEnvironmentsBeforePromotion).toBe(0);
  });

  it.each([
    [{ OptionalDeploymentTargets: ["E-1"] }, "Must succeed before the next phase"],
    [{ OptionalDeploymentTargets: ["E-1", "E-2"] }, "All must succeed"],
    [{ OptionalDeploymentTargets: ["E-1", "E-2"], MinimumEnvironmentsBeforePromotion: 2 }, "All must succeed"],
    [
      { OptionalDeploymentTargets: ["E-1", "E-2"], MinimumEnvironmentsBeforePromotion: 1 },
      "At least 1 of 2 must succeed",
    ],
    [{}, "All must succeed"],
    [{ IsOptionalPhase: true }, "May be skipped"],
  ])("says of %j what promotion takes", (patch, words) => {
    expect(promotionWords(phase(patch))).toBe(words);
  });

  it("offers what stands in no phase", () => {
    expect(unplaced([phase({ AutomaticDeploymentTargets: ["E-2"] })], ["E-1", "E-2", "E-3"])).toEqual(["E-1", "E-3"]);
  });

  it("tells what is wrong before it is sent, and sends no ids of its own", () => {
    expect(faultOf([phase({ Name: " " })])).toBe("Phase 1 needs a name.");
    expect(faultOf([phase({}), phase({ Name: "test" })])).toBe("There are two phases with the name “test”.");
    expect(faultOf([phase({}), phase({ Name: "Live" })])).toBeNull();
    expect(sent({ Phases: [newPhase("A"), phase({ Id: "kept" })] } as never).Phases.map((one) => one.Id)).toEqual([
      "",
      "kept",
    ]);
  });
});
