import type { Shape } from "@/api/client";

export type Lifecycle = Shape<"Lifecycle">;
export type Phase = Shape<"Phase">;

/** How a release comes into an environment of a phase: by itself, or when somebody deploys it. */
export type Way = "automatic" | "manual";

export interface Place {
  environment: string;
  way: Way;
}

/** The environments of a phase. The order of the two lists of the API says nothing, so `order` (of all) decides. */
export function placesOf(phase: Phase, order: readonly string[]): Place[] {
  const places: Place[] = [
    ...phase.AutomaticDeploymentTargets.map((environment) => ({ environment, way: "automatic" as const })),
    ...phase.OptionalDeploymentTargets.map((environment) => ({ environment, way: "manual" as const })),
  ];
  const rank = (place: Place) => {
    const found = order.indexOf(place.environment);
    return found < 0 ? order.length : found;
  };
  return places.sort((one, other) => rank(one) - rank(other));
}

/** The phase with the environment in it, in a way; nothing else of it changes. */
export function placed(phase: Phase, environment: string, way: Way): Phase {
  const bare = removed(phase, environment);
  const name = way === "automatic" ? "AutomaticDeploymentTargets" : "OptionalDeploymentTargets";
  return { ...bare, [name]: [...bare[name], environment], MinimumEnvironmentsBeforePromotion: minimumOf(phase) };
}

/** The phase without the environment. A minimum that can no longer be met comes down with it. */
export function removed(phase: Phase, environment: string): Phase {
  const without = (ids: readonly string[]) => ids.filter((id) => id !== environment);
  const AutomaticDeploymentTargets = without(phase.AutomaticDeploymentTargets);
  const OptionalDeploymentTargets = without(phase.OptionalDeploymentTargets);
  const left = AutomaticDeploymentTargets.length + OptionalDeploymentTargets.length;
  const MinimumEnvironmentsBeforePromotion = left === 0 ? 0 : Math.min(minimumOf(phase), left);
  return { ...phase, AutomaticDeploymentTargets, OptionalDeploymentTargets, MinimumEnvironmentsBeforePromotion };
}

function minimumOf(phase: Phase): number {
  return phase.MinimumEnvironmentsBeforePromotion;
}

/** The environments that stand in no phase yet, in the order given. */
export function unplaced(phases: readonly Phase[], environments: readonly string[]): string[] {
  const used = new Set(phases.flatMap((one) => [...one.AutomaticDeploymentTargets, ...one.OptionalDeploymentTargets]));
  return environments.filter((id) => !used.has(id));
}

/** What must be done here before a release may go on. */
export function promotionWords(phase: Phase): string {
  if (phase.IsOptionalPhase) return "May be skipped";
  const count = phase.AutomaticDeploymentTargets.length + phase.OptionalDeploymentTargets.length;
  const least = phase.MinimumEnvironmentsBeforePromotion;
  if (count === 1) return "Must succeed before the next phase";
  if (least === 0) return "All must succeed";
  return least === count ? "All must succeed" : `At least ${least} of ${count} must succeed`;
}

/** A phase that is not saved yet; the server gives it its own id. */
export function newPhase(name: string): Phase {
  return {
    Id: `new-${Math.random().toString(36).slice(2)}`,
    Name: name,
    AutomaticDeploymentTargets: [],
    OptionalDeploymentTargets: [],
    MinimumEnvironmentsBeforePromotion: 0,
    IsOptionalPhase: false,
    IsPriorityPhase: false,
    ReleaseRetentionPolicy: null,
    TentacleRetentionPolicy: null,
  };
}

/** As it is sent: ids that are only ours are left out. */
export function sent(lifecycle: Lifecycle): Lifecycle {
  const Phases = lifecycle.Phases.map((one) => (one.Id.startsWith("new-") ? { ...one, Id: "" } : one));
  return { ...lifecycle, Phases };
}

/** Why the phases cannot be saved yet; the same rules as the API's, told while one types. */
export function faultOf(phases: readonly Phase[]): string | null {
  const names = new Set<string>();
  for (const [index, phase] of phases.entries()) {
    const name = phase.Name.trim();
    if (!name) return `Phase ${index + 1} needs a name.`;
    if (names.has(name.toLowerCase())) return `There are two phases with the name “${name}”.`;
    names.add(name.toLowerCase());
  }
  return null;
}
