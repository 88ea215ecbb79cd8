import { isParent, type Step } from "./document";
import { insertChild, type Moved, moveChild, moveStep, nest, remove, unnest } from "./moving";
import type { Place } from "./places";

/** A line of the list of steps: a step, or a child below its parent. */
export interface Row {
  /** The id of the step, or of the child. */
  id: string;
  place: Place;
  depth: 0 | 1;
  number: string;
}

export function rowsOf(steps: readonly Step[]): Row[] {
  return steps.flatMap((step, index) => {
    const number = String(index + 1);
    const own: Row = { id: step.Id, place: { step: index, child: null }, depth: 0, number };
    if (!isParent(step)) return [own];
    const children = step.Actions.map(
      (action, child): Row => ({
        id: `${step.Id}/${action.Id}`,
        place: { step: index, child },
        depth: 1,
        number: `${number}.${child + 1}`,
      }),
    );
    return [own, ...children];
  });
}

/** Where a dragged line would come to stand: among the steps, or among the children of one. */
export type Landing = { depth: 0; at: number } | { depth: 1; parent: number; at: number };

/**
 * The place that a line is dragged to. `depth` is what the pointer asks for; it is followed as far as it can be: a parent
 * stays a step, and between two children one can only be a child.
 */
export function landing(steps: readonly Step[], active: string, over: string, depth: 0 | 1): Landing | null {
  const all = rowsOf(steps);
  const moved = all.find((row) => row.id === active);
  if (!moved) return null;
  const isGroup = moved.depth === 0 && isParent(steps[moved.place.step] as Step);
  const visible = isGroup ? all.filter((row) => row.depth === 0 || row.place.step !== moved.place.step) : all;
  const from = visible.findIndex((row) => row.id === active);
  const to = visible.findIndex((row) => row.id === over);
  if (to < 0) return null;
  const order = [...visible];
  order.splice(to, 0, ...order.splice(from, 1));
  const before = order.slice(0, to);
  const parent = before.findLast((row) => row.depth === 0);
  const isBetween = order[to + 1]?.depth === 1;
  if (!parent || isGroup || (depth === 0 && !isBetween)) {
    return { depth: 0, at: before.filter((row) => row.depth === 0).length };
  }
  const children = before.filter((row) => row.depth === 1 && row.place.step === parent.place.step).length;
  // A plain step shows no line for its only action, which the new one comes after.
  const isPlain = !isParent(steps[parent.place.step] as Step);
  return { depth: 1, parent: parent.place.step, at: isPlain ? 1 : children };
}

/** Moves a step or a child to where it landed. */
export function land(steps: readonly Step[], { step, child }: Place, to: Landing): Moved {
  if (child === null) {
    return to.depth === 0 ? moveStep(steps, step, to.at) : nest(steps, step, to.parent, to.at);
  }
  if (to.depth === 0) return unnest(steps, { step, child }, to.at);
  if (to.parent === step) return moveChild(steps, step, child, to.at);
  const action = steps[step]?.Actions[child];
  if (!action) return { steps: [...steps], place: { step, child } };
  return insertChild(remove(steps, { step, child }), to.parent, action, to.at);
}

/** One place up or down among its like; null where there is none. */
export function nudged(steps: readonly Step[], { step, child }: Place, by: -1 | 1): Moved | null {
  const last = child === null ? steps.length - 1 : (steps[step]?.Actions.length ?? 0) - 1;
  const to = (child ?? step) + by;
  if (to < 0 || to > last) return null;
  return child === null ? moveStep(steps, step, to) : moveChild(steps, step, child, to);
}

/** Into the step before it, as its last child; null where that cannot be. */
export function nested(steps: readonly Step[], { step, child }: Place): Moved | null {
  const own = steps[step];
  const before = steps[step - 1];
  if (child !== null || !own || !before || isParent(own)) return null;
  return nest(steps, step, step - 1, before.Actions.length);
}

/** Out of its parent, as the step after it; null for what is no child. */
export function freed(steps: readonly Step[], place: Place): Moved | null {
  return place.child === null ? null : unnest(steps, place, place.step + 1);
}
