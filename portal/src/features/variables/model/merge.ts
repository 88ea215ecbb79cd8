import { changedParts, isPartSame, PARTS, type Part } from "./changes";
import type { Variable } from "./variable";

/** What both have changed, each in another way: the user's own stays. */
export interface Clash {
  id: string;
  name: string;
  /** The part that both changed; null where one deleted what the other changed. */
  part: Part | null;
  /** What the others have there: null where they deleted it. */
  theirs: Variable | null;
}

export interface Merged {
  variables: Variable[];
  clashes: Clash[];
}

/** The user's changes on top of what others saved meanwhile, variable by variable and part by part. */
export function merge(base: readonly Variable[], mine: readonly Variable[], theirs: readonly Variable[]): Merged {
  const old = byId(base);
  const own = byId(mine);
  const other = byId(theirs);
  const clashes: Clash[] = [];
  const merged: Variable[] = [];
  for (const their of theirs) {
    const was = old.get(their.Id);
    const my = own.get(their.Id);
    if (!was) merged.push(my ?? their);
    else if (my) merged.push(mergedOne(was, my, their, clashes));
    else if (changedParts(was, their).length > 0) {
      clashes.push({ id: their.Id, name: their.Name, part: null, theirs: their });
    }
  }
  for (const [index, my] of mine.entries()) {
    if (other.has(my.Id)) continue;
    const was = old.get(my.Id);
    if (was && changedParts(was, my).length === 0) continue;
    if (was) clashes.push({ id: my.Id, name: my.Name, part: null, theirs: null });
    insertAfter(merged, mine.slice(0, index), my);
  }
  return { variables: merged, clashes };
}

function byId(variables: readonly Variable[]): Map<string, Variable> {
  return new Map(variables.map((one) => [one.Id, one]));
}

function mergedOne(was: Variable, my: Variable, their: Variable, clashes: Clash[]): Variable {
  let result = their;
  for (const part of PARTS) {
    if (isPartSame(was, my, part)) continue;
    const isClash = !isPartSame(was, their, part) && !isPartSame(my, their, part);
    if (isClash) clashes.push({ id: my.Id, name: my.Name, part, theirs: their });
    result = { ...result, [part]: my[part] };
    if (part === "Type") result = { ...result, IsSensitive: my.IsSensitive, Secret: my.Secret };
  }
  return result;
}

/** Behind the nearest of those that stand before it and are there. */
function insertAfter(merged: Variable[], earlier: readonly Variable[], one: Variable): void {
  const ids = new Set(earlier.map((each) => each.Id));
  const place = merged.findLastIndex((each) => ids.has(each.Id));
  merged.splice(place < 0 ? merged.length : place + 1, 0, one);
}
