import type { Shape } from "@/api/client";

/** The documents that the editor works on, by short names. */
export type Step = Shape<"DeploymentStep">;
export type Action = Shape<"DeploymentAction">;
export type Package = Shape<"PackageReference">;
export type GitDependency = Shape<"GitDependency">;
export type Secret = Shape<"SensitiveValue">;
export type PropertyValue = string | Secret;
export type Properties = Record<string, PropertyValue>;

/** What deployment and runbook processes have in common. */
export interface Process {
  Version: number;
  Steps: Step[];
}

/** An id for what is not saved yet: the server keeps it. */
export function newId(): string {
  return crypto.randomUUID();
}

export function actionsOf(steps: readonly Step[]): Action[] {
  return steps.flatMap((step) => step.Actions);
}

/** A step with several actions runs them in turn on each target: its children. */
export function isParent(step: Step): boolean {
  return step.Actions.length > 1;
}

/** What a step is called on the screen: a step with one action by that. */
export function nameOf(step: Step): string {
  return (isParent(step) ? step.Name : step.Actions[0]?.Name) || step.Name;
}

/** The name, or the first of `name - copy`, `name - copy 2` … that is free. */
export function freeName(wanted: string, taken: readonly string[]): string {
  const known = new Set(taken.map((name) => name.trim().toLowerCase()));
  if (!known.has(wanted.trim().toLowerCase())) return wanted;
  for (let number = 2; ; number++) {
    const name = `${wanted} ${number}`;
    if (!known.has(name.toLowerCase())) return name;
  }
}

/** All names that a new step or action has to differ from. */
export function namesIn(steps: readonly Step[]): string[] {
  return steps.flatMap((step) => [step.Name, ...step.Actions.map((action) => action.Name)]);
}

/** Without the secrets that were typed: what the base has stands in their place, if it has the step. */
export function withoutSecrets<P extends Process>(process: P, base: P): P {
  const before = new Map(base.Steps.flatMap((step) => [step, ...step.Actions]).map((one) => [one.Id, one.Properties]));
  const bare = <T extends Step | Action>(one: T): T => ({
    ...one,
    Properties: hidden(one.Properties, (one.Id && before.get(one.Id)) || {}),
  });
  return {
    ...process,
    Steps: process.Steps.map((step) => ({ ...bare(step), Actions: step.Actions.map(bare) })),
  };
}

function hidden(properties: Properties, before: Properties): Properties {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => [
      name,
      typeof value === "string" || value.NewValue === null
        ? value
        : (before[name] ?? { HasValue: false, NewValue: null, Hint: null }),
    ]),
  );
}
