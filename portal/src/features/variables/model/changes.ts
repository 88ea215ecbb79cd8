import { setDimensions } from "./scope";
import { isSecret, type Variable } from "./variable";

/** The parts of a variable that are compared, merged and marked, each for itself. */
export const PARTS = ["Name", "Value", "Description", "Type", "Scope", "Prompt"] as const;
export type Part = (typeof PARTS)[number];

function partOf(variable: Variable, part: Part): string {
  switch (part) {
    case "Scope":
      return JSON.stringify(setDimensions(variable.Scope));
    case "Prompt":
      return promptKey(variable);
    case "Type":
      return isSecret(variable) ? "Sensitive" : variable.Type;
    default:
      return variable[part] ?? "";
  }
}

function promptKey({ Prompt }: Variable): string {
  if (!Prompt) return "";
  const settings = Object.entries(Prompt.DisplaySettings ?? {}).sort(([one], [other]) => one.localeCompare(other));
  return JSON.stringify([Prompt.Label ?? "", Prompt.Description ?? "", Prompt.Required, settings]);
}

export function isPartSame(one: Variable, other: Variable, part: Part): boolean {
  return one === other || partOf(one, part) === partOf(other, part);
}

/** The parts in which a variable is not what it was. */
export function changedParts(before: Variable, after: Variable): Part[] {
  if (before === after) return [];
  return PARTS.filter((part) => !isPartSame(before, after, part));
}

export type ChangeKind = "new" | "changed" | "deleted";

export interface Changes {
  /** By the ids of the variables; what is as it was is not in it. */
  kinds: ReadonlyMap<string, ChangeKind>;
  deleted: readonly Variable[];
  total: number;
  words: string;
}

export function changesBetween(before: readonly Variable[], after: readonly Variable[]): Changes {
  const old = new Map(before.map((one) => [one.Id, one]));
  const kept = new Set(after.map((one) => one.Id));
  const kinds = new Map<string, ChangeKind>();
  for (const one of after) {
    const was = old.get(one.Id);
    if (!was) kinds.set(one.Id, "new");
    else if (changedParts(was, one).length > 0) kinds.set(one.Id, "changed");
  }
  const deleted = before.filter((one) => !kept.has(one.Id));
  for (const one of deleted) kinds.set(one.Id, "deleted");
  const count = (kind: ChangeKind) => [...kinds.values()].filter((one) => one === kind).length;
  const counted = (["new", "changed", "deleted"] as const).map((kind) => ({ kind, number: count(kind) }));
  const words = counted
    .filter(({ number }) => number > 0)
    .map(({ kind, number }) => `${number} ${kind}`)
    .join(", ");
  return { kinds, deleted, total: kinds.size, words };
}

/** Takes back what was done to one variable; a deleted one returns to the place that it had. */
export function restored(before: readonly Variable[], after: readonly Variable[], id: string): Variable[] {
  const place = before.findIndex((one) => one.Id === id);
  const was = before[place];
  if (!was) return after.filter((one) => one.Id !== id);
  if (after.some((one) => one.Id === id)) return after.map((one) => (one.Id === id ? was : one));
  const earlier = new Set(before.slice(0, place).map((one) => one.Id));
  const at = after.findLastIndex((one) => earlier.has(one.Id)) + 1;
  return [...after.slice(0, at), was, ...after.slice(at)];
}
