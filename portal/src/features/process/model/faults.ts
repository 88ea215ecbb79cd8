import { ApiError } from "@/api/errors";
import { isParent, type Step } from "./document";
import { keyOf } from "./places";

/** What a refusal says, by the key of the step that it names; under an empty key what names none. */
export type StepFaults = ReadonlyMap<string, readonly string[]>;

/** The API names steps in quotes, or by their number; ids in quotes are looked for in what the steps refer to. */
export function faultsByStep(steps: readonly Step[], error: unknown): StepFaults {
  const found = new Map<string, string[]>();
  if (!(error instanceof ApiError)) return found;
  for (const sentence of error.faults.length > 0 ? error.faults : [error.message]) {
    const keys = keysNamed(steps, sentence);
    for (const key of keys.length > 0 ? keys : [""]) found.set(key, [...(found.get(key) ?? []), sentence]);
  }
  return found;
}

function keysNamed(steps: readonly Step[], sentence: string): string[] {
  const number = /^Step (\d+) /.exec(sentence)?.[1];
  const numbered = number === undefined ? undefined : steps[Number(number) - 1];
  if (numbered) return [keyOf(numbered)];
  const quoted = [...sentence.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? "");
  const named = quoted.flatMap((text) => keysWhere(steps, (name) => name.toLowerCase() === text.toLowerCase()));
  if (named.length > 0) return [...new Set(named)];
  return [...new Set(quoted.flatMap((text) => keysReferring(steps, text)))];
}

function keysWhere(steps: readonly Step[], fits: (name: string) => boolean): string[] {
  return steps.flatMap((step) => {
    const children = isParent(step)
      ? step.Actions.flatMap((action, index) => (fits(action.Name) ? [keyOf(step, index)] : []))
      : [];
    if (children.length > 0) return children;
    return fits(step.Name) || fits(step.Actions[0]?.Name ?? "") ? [keyOf(step)] : [];
  });
}

function keysReferring(steps: readonly Step[], id: string): string[] {
  return steps.flatMap((step) =>
    step.Actions.flatMap((action, index) => {
      const lists = [action.Channels, action.Environments, action.ExcludedEnvironments, action.TenantTags];
      const refers = lists.some((list) => list.includes(id));
      return refers ? [keyOf(step, isParent(step) ? index : null)] : [];
    }),
  );
}
