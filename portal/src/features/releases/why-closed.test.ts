import { describe, expect, it } from "vitest";
import type { PhaseProgression } from "./api";
import { whyClosed } from "./why-closed";

function phase(Name: string, more: Partial<PhaseProgression>): PhaseProgression {
  return { Name, IsOpen: false, Blocked: false, Missing: 0, IsOptionalPhase: false, ...more } as PhaseProgression;
}

describe("why a phase is closed", () => {
  const test = phase("Test", { IsOpen: true, Missing: 1 });
  const canary = phase("Canary", { IsOptionalPhase: true, Missing: 1 });
  it.each([
    [[test], test, null],
    [[test, phase("Live", {})], null, "Needs one success in Test first."],
    [[phase("Test", { Missing: 2 }), phase("Live", {})], null, "Needs 2 successes in Test first."],
    [[canary, phase("Live", {})], null, "The lifecycle does not let the release go here yet."],
    [[test, phase("Live", { Blocked: true })], null, "The progression of this release is prevented."],
  ])("is told by what comes before it", (phases, which, sentence) => {
    expect(whyClosed(phases, which ?? (phases.at(-1) as PhaseProgression))).toBe(sentence);
  });
});
