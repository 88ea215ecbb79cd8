import type { Shape } from "@/api/client";
import { isSame } from "@/lib/same";
import type { Process, Variables } from "./snapshots-api";

type Action = Shape<"DeploymentAction">;
type Step = Shape<"DeploymentStep">;
type Variable = Shape<"Variable">;
type Part = Partial<Pick<Action, "Properties">>;

/** Something that differs between what was frozen and what there is now. */
export interface Difference {
  /** What it is: a step, or a variable with its scope. */
  name: string;
  kind: "added" | "removed" | "changed";
  /** What of it, with the text before and now; empty for what is new or gone. */
  details: { what: string; before: string; now: string }[];
}

/** Properties that say nothing about what a step does. */
const UNSAID = new Set(["Id", "Links", "Slug"]);

/** From the frozen process to the one there is now; steps are the same when they have the same id. */
export function processDifferences(before: Process, now: Process): Difference[] {
  const found: Difference[] = paired(before.Steps, now.Steps, (step) => step.Id || step.Name).flatMap(
    ([old, next]): Difference[] => {
      if (!old || !next) return [{ name: (old ?? next)?.Name ?? "", kind: old ? "removed" : "added", details: [] }];
      const details = [...changesOf(withoutActions(old), withoutActions(next), ""), ...actionChanges(old, next)];
      return details.length > 0 ? [{ name: next.Name, kind: "changed", details }] : [];
    },
  );
  return isReordered(before.Steps, now.Steps) ? [...found, ORDER] : found;
}

const ORDER: Difference = { name: "The order of the steps", kind: "changed", details: [] };

function isReordered(before: Step[], now: Step[]): boolean {
  const ids = (one: Step[], other: Step[]) =>
    one.map((step) => step.Id).filter((id) => other.some((step) => step.Id === id));
  return !isSame(ids(before, now), ids(now, before));
}

function withoutActions({ Actions: _, ...step }: Step) {
  return step;
}

function actionChanges(before: Step, now: Step): Difference["details"] {
  return paired(before.Actions, now.Actions, (action) => action.Id || action.Name).flatMap(([old, next]) => {
    if (old && next) return changesOf(old, next, now.Actions.length > 1 ? `${next.Name}: ` : "");
    const name = (old ?? next)?.Name ?? "";
    return [{ what: "Part", before: old ? name : "", now: next ? name : "" }];
  });
}

function changesOf(before: Part, now: Part, prefix: string): Difference["details"] {
  const { Properties: oldOnes, ...old } = before;
  const { Properties: newOnes, ...next } = now;
  return [
    ...fieldChanges(old, next, prefix),
    ...fieldChanges(oldOnes ?? {}, newOnes ?? {}, prefix).map((one) => ({
      ...one,
      what: one.what.replace(/Octopus\.Action\.|Octopus\.Step\./, ""),
    })),
  ];
}

function fieldChanges(before: object, now: object, prefix: string): Difference["details"] {
  const old = before as Record<string, unknown>;
  const next = now as Record<string, unknown>;
  return [...new Set([...Object.keys(old), ...Object.keys(next)])]
    .filter((name) => !UNSAID.has(name) && !isSame(old[name], next[name]))
    .map((name) => ({ what: prefix + name, before: textOf(old[name]), now: textOf(next[name]) }));
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "string") return value;
  if (typeof value === "object" && "HasValue" in value) return "(a secret)";
  return JSON.stringify(value, null, 2);
}

/** From the frozen variables to those of now, value by value. */
export function variableDifferences(
  before: Variables,
  now: Variables,
  scopeOf: (one: Variable) => string,
): Difference[] {
  const titleOf = (one: Variable) => [one.Name, scopeOf(one)].filter(Boolean).join(", for ");
  return paired(before.Variables, now.Variables, (one) => one.Id).flatMap(([old, next]): Difference[] => {
    if (!old || !next) {
      const one = (old ?? next) as Variable;
      return [{ name: titleOf(one), kind: old ? "removed" : "added", details: shownValue(old, next) }];
    }
    const details = [
      ...(old.Name === next.Name ? [] : [{ what: "Name", before: old.Name, now: next.Name }]),
      ...(isSame(old.Scope, next.Scope) ? [] : [{ what: "Scope", before: scopeOf(old), now: scopeOf(next) }]),
      ...(isSameValue(old, next) ? [] : shownValue(old, next)),
    ];
    return details.length > 0 ? [{ name: titleOf(next), kind: "changed", details }] : [];
  });
}

function isSameValue(old: Variable, next: Variable): boolean {
  return old.Value === next.Value && old.IsSensitive === next.IsSensitive && old.Type === next.Type;
}

function shownValue(old: Variable | undefined, next: Variable | undefined): Difference["details"] {
  const shown = (one: Variable | undefined) => (one?.IsSensitive ? "(a secret)" : (one?.Value ?? ""));
  return [{ what: "Value", before: shown(old), now: shown(next) }];
}

/** What both lists have, in the order of the second; then what only one of them has. */
function paired<T>(
  before: readonly T[],
  now: readonly T[],
  keyOf: (one: T) => string,
): [T | undefined, T | undefined][] {
  const old = new Map(before.map((one) => [keyOf(one), one]));
  const news = new Set(now.map(keyOf));
  return [
    ...now.map((one): [T | undefined, T | undefined] => [old.get(keyOf(one)), one]),
    ...before.filter((one) => !news.has(keyOf(one))).map((one): [T, undefined] => [one, undefined]),
  ];
}
