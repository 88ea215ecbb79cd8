import { useCallback, useMemo } from "react";
import { type Draft, useDraft } from "@/lib/use-draft";
import { type Changes, changesBetween, restored } from "../model/changes";
import { type Conflict, conflictsOf } from "../model/conflicts";
import { type Merged, merge } from "../model/merge";
import { type Edited, newVariable, type Variable, withoutSecrets } from "../model/variable";

export interface Variables {
  draft: Draft<Edited>;
  /** As saved, and as they are now. */
  before: readonly Variable[];
  after: readonly Variable[];
  changes: Changes;
  conflicts: ReadonlyMap<string, Conflict>;
  set: (change: (old: readonly Variable[]) => Variable[]) => void;
  patch: (id: string, change: (old: Variable) => Variable) => void;
  add: (given: Partial<Variable>, after?: string) => string;
  remove: (ids: readonly string[]) => void;
  restore: (id: string) => void;
  /** What would come of one's changes on top of those that somebody else saved meanwhile; null when nobody did. */
  merged: Merged | null;
}

/** The variables of one owner while they are edited. They outlive a reload, except for the texts of secrets. */
export function useVariables(id: string, saved: Edited): Variables {
  const draft = useDraft(id, saved, { strip: withoutSecrets });
  const { change } = draft;
  const before = draft.base.variables;
  const after = draft.value.variables;
  const changes = useMemo(() => changesBetween(before, after), [before, after]);
  const conflicts = useMemo(() => conflictsOf(after), [after]);
  const theirs = draft.theirs?.variables;
  const merged = useMemo(() => (theirs ? merge(before, after, theirs) : null), [before, after, theirs]);
  const set = useCallback(
    (work: (old: readonly Variable[]) => Variable[]) =>
      change((old) => {
        const variables = work(old.variables);
        return variables === old.variables ? old : { ...old, variables };
      }),
    [change],
  );
  const patch = useCallback(
    (one: string, work: (old: Variable) => Variable) =>
      set((old) => {
        const place = old.findIndex((each) => each.Id === one);
        const was = old[place];
        const next = was && work(was);
        if (!next || isPlainlySame(was, next)) return old as Variable[];
        return old.with(place, next);
      }),
    [set],
  );
  const add = useCallback(
    (given: Partial<Variable>, behind?: string) => {
      const made = newVariable(given);
      set((old) => {
        const place = old.findIndex((each) => each.Id === behind);
        return place < 0 ? [...old, made] : [...old.slice(0, place + 1), made, ...old.slice(place + 1)];
      });
      return made.Id;
    },
    [set],
  );
  const remove = useCallback(
    (ids: readonly string[]) => {
      const gone = new Set(ids);
      set((old) =>
        old.some((one) => gone.has(one.Id)) ? old.filter((one) => !gone.has(one.Id)) : (old as Variable[]),
      );
    },
    [set],
  );
  const restore = useCallback((one: string) => set((old) => restored(before, old, one)), [set, before]);
  return { draft, before, after, changes, conflicts, set, patch, add, remove, restore, merged };
}

/** A cell that was left as it was is no step that could be undone. */
function isPlainlySame(one: Variable, other: Variable): boolean {
  if (one === other) return true;
  return (Object.keys(other) as (keyof Variable)[]).every((key) =>
    key === "Scope"
      ? JSON.stringify(one.Scope) === JSON.stringify(other.Scope)
      : (one[key] ?? "") === (other[key] ?? ""),
  );
}
