import { type ChangeKind, type Changes, changedParts, type Part } from "./changes";
import type { Conflict } from "./conflicts";
import { fits, type Known, type VariableFilter } from "./filters";
import { type ScopeNames, scopeWords } from "./scope";
import { foldedName, type Variable, wordOfType } from "./variable";

/** A line of the grid: one value of a variable, with what is to be told about it. */
export interface Row {
  variable: Variable;
  kind: ChangeKind | null;
  /** The parts that are not saved yet. */
  parts: readonly Part[];
  /** The first of those of its name that stand below each other: it shows the name. */
  isFirst: boolean;
  conflict: Conflict | null;
}

export const SORTS = ["name", "value", "scope", "type"] as const;
export interface Sorting {
  by: (typeof SORTS)[number];
  isDown: boolean;
}

export interface Sources {
  before: readonly Variable[];
  after: readonly Variable[];
  changes: Changes;
  conflicts: ReadonlyMap<string, Conflict>;
  names: ScopeNames;
}

/**
 * The lines in their order. Values of a name stand together, in the order in which they are stored: of equals the first
 * is used. What was renamed or added stays where it is until it is saved, so that nothing jumps while one types.
 */
export function rowsOf(sources: Sources, filter: VariableFilter, sorting: Sorting, kept: ReadonlySet<string>): Row[] {
  const { before, after, changes, conflicts, names } = sources;
  const old = new Map(before.map((one) => [one.Id, one]));
  const known: Known = { names, conflicts, kinds: changes.kinds };
  const all = withDeleted(before, after, changes);
  const shown = all.filter((one) => kept.has(one.Id) || fits(one, filter, known));
  const sorted = sorting.by === "name" ? grouped(shown, old, sorting.isDown) : ordered(shown, sorting, names);
  return sorted.map((variable, index) => {
    const was = old.get(variable.Id);
    const earlier = sorted[index - 1];
    return {
      variable,
      kind: changes.kinds.get(variable.Id) ?? null,
      parts: was ? changedParts(was, variable) : [],
      isFirst: !earlier || foldedName(earlier.Name) !== foldedName(variable.Name) || variable.Name === "",
      conflict: conflicts.get(variable.Id) ?? null,
    };
  });
}

/** What was deleted stays in its place until that is saved, so that it can be taken back. */
function withDeleted(before: readonly Variable[], after: readonly Variable[], changes: Changes): Variable[] {
  if (changes.deleted.length === 0) return [...after];
  const gone = new Set(changes.deleted.map((one) => one.Id));
  const following = new Map<string | null, Variable[]>();
  let last: string | null = null;
  for (const one of before) {
    if (gone.has(one.Id)) following.set(last, [...(following.get(last) ?? []), one]);
    else last = one.Id;
  }
  return [...(following.get(null) ?? []), ...after.flatMap((one) => [one, ...(following.get(one.Id) ?? [])])];
}

function grouped(variables: readonly Variable[], old: ReadonlyMap<string, Variable>, isDown: boolean): Variable[] {
  const keyOf = (one: Variable) => foldedName(old.get(one.Id)?.Name ?? one.Name);
  const stored = new Set(variables.filter((one) => old.has(one.Id)).map(keyOf));
  const groups = new Map<string, Variable[]>();
  const added: Variable[] = [];
  for (const one of variables) {
    const key = keyOf(one);
    if (!stored.has(key)) added.push(one);
    else groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const keys = [...groups.keys()].sort(compareTexts);
  if (isDown) keys.reverse();
  return [...keys.flatMap((key) => groups.get(key) ?? []), ...together(added)];
}

/** New ones of one name stand together, at the place of the first of them. */
function together(added: readonly Variable[]): Variable[] {
  const groups = new Map<string, Variable[]>();
  for (const one of added) {
    const key = one.Name === "" ? one.Id : foldedName(one.Name);
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()].flat();
}

function ordered(variables: readonly Variable[], { by, isDown }: Sorting, names: ScopeNames): Variable[] {
  const keyOf = (one: Variable) => {
    if (by === "value") return one.Value ?? "";
    return by === "scope" ? scopeWords(one.Scope, names) : wordOfType(one.Type);
  };
  const keyed = variables.map((one) => ({ one, key: keyOf(one).toLowerCase() }));
  keyed.sort((left, right) => compareTexts(left.key, right.key) || compareTexts(left.one.Name, right.one.Name));
  if (isDown) keyed.reverse();
  return keyed.map(({ one }) => one);
}

const collator = new Intl.Collator("en", { numeric: true, sensitivity: "base" });
const compareTexts = collator.compare;
