import type { Step } from "./document";

/** Where a step or a child step stands: `child` is null for the step itself. */
export interface Place {
  step: number;
  child: number | null;
}

/** What the address and the list call it: the slugs, or the ids of what is not saved yet; a child's after its parent's. */
export function keyOf(step: Step, child: number | null = null): string {
  const own = step.Slug || step.Id;
  const action = child === null ? undefined : step.Actions[child];
  return action ? `${own}.${action.Slug || action.Id}` : own;
}

/** Finds by slugs, ids or, as a last way, the name of an action: links of other screens may know no more. */
export function placeOf(steps: readonly Step[], key: string | undefined): Place | null {
  if (!key) return null;
  const [parent = "", inner] = splitKey(key);
  const step = steps.findIndex((one) => one.Slug === parent || one.Id === parent);
  const found = steps[step];
  if (found) {
    if (inner === undefined) return { step, child: null };
    const child = found.Actions.findIndex((one) => one.Slug === inner || one.Id === inner);
    return { step, child: child >= 0 && found.Actions.length > 1 ? child : null };
  }
  for (const [index, one] of steps.entries()) {
    const child = one.Actions.findIndex((action) => [action.Slug, action.Id, action.Name].includes(key));
    if (child >= 0) return { step: index, child: one.Actions.length > 1 ? child : null };
  }
  return null;
}

function splitKey(key: string): [string, string | undefined] {
  const dot = key.indexOf(".");
  return dot < 0 ? [key, undefined] : [key.slice(0, dot), key.slice(dot + 1)];
}

export function keyAt(steps: readonly Step[], place: Place): string | undefined {
  const step = steps[place.step];
  return step && keyOf(step, place.child);
}
