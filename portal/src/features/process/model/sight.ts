import { isParent, type Step } from "./document";

/** Whether a step, or a child of it, is none of those looked for: by words in its name, by where it runs. */
export function isOutOfSight(step: Step, child: number | null, words: string, environment: string | null): boolean {
  const actions = child === null ? step.Actions : step.Actions.slice(child, child + 1);
  const sought = words.trim().toLowerCase();
  const names =
    child === null && isParent(step) ? [step.Name, ...actions.map((one) => one.Name)] : actions.map((one) => one.Name);
  if (sought !== "" && !names.some((name) => name.toLowerCase().includes(sought))) return true;
  if (environment === null) return false;
  return actions.every(
    (one) =>
      one.IsDisabled ||
      one.ExcludedEnvironments.includes(environment) ||
      (one.Environments.length > 0 && !one.Environments.includes(environment)),
  );
}
