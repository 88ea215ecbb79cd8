import type { PhaseProgression } from "./api";

/** Why no environment of a phase can be deployed to; null where they can. */
export function whyClosed(phases: readonly PhaseProgression[], phase: PhaseProgression): string | null {
  if (phase.IsOpen) return null;
  if (phase.Blocked) return "The progression of this release is prevented.";
  const before = phases.slice(0, phases.indexOf(phase));
  const holding = before.find((one) => !one.IsOptionalPhase && one.Missing > 0);
  if (!holding) return "The lifecycle does not let the release go here yet.";
  const needs = holding.Missing === 1 ? "one success" : `${holding.Missing} successes`;
  return `Needs ${needs} in ${holding.Name} first.`;
}
