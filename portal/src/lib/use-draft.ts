import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { isSame } from "./same";

export interface Draft<T> {
  /** What the screen shows: the saved document with the user's changes. */
  value: T;
  isChanged: boolean;
  /** The document that the changes were made to. */
  base: T;
  /**
   * Replaces what is shown. Each call is a step that `undo` takes back; calls that follow each other with the same
   * `joins` are one step, so that a name is taken back whole and not letter by letter.
   */
  change: (next: T | ((old: T) => T), joins?: string) => void;
  undo: () => void;
  redo: () => void;
  canUndo: boolean;
  canRedo: boolean;
  /** Drops all changes. */
  discard: () => void;
  /** Somebody else saved the document while it was being changed here: what they saved. Null when nobody did. */
  theirs: T | null;
  /** Puts the user's changes on top of what the others saved, as they are. */
  keepMine: () => void;
  /**
   * Takes what the server answered to a save of this `value`: from now on that is what is saved, and shown. What was
   * changed while it was being saved stays, on top of it.
   */
  accept: (saved: T) => void;
}

interface State<T> {
  base: T;
  past: T[];
  value: T;
  future: T[];
  /** What the last step joins with. */
  joins?: string;
}

interface Options<T> {
  keep?: boolean;
  strip?: (value: T, base: T) => T;
}

const PREFIX = "polpo-draft:";
const MOST_STEPS = 200;

/**
 * A document that is being edited. It outlives a reload and a sign-in (it is kept in the tab's session storage under
 * `id`), and is not overwritten when the same document is read again: who saved meanwhile is told by `theirs`.
 * Secrets must not be kept so: `keep: false`, or `strip` gives the document with those of its base instead.
 */
export function useDraft<T>(id: string, saved: T, { keep = true, strip }: Options<T> = {}): Draft<T> {
  const [state, setState] = useState<State<T>>(() => restored(id, saved, keep));
  const known = useRef(id);
  if (known.current !== id) {
    known.current = id;
    setState(restored(id, saved, keep));
  }
  const isChanged = !isSame(state.value, state.base);
  const isNews = !isSame(saved, state.base);
  // What was read anew is shown at once where nothing was changed, or where it is what the user has just saved.
  if (isNews && (!isChanged || isSame(saved, state.value))) setState(fresh(saved));
  useEffect(() => {
    if (!keep) return;
    if (isChanged) put(id, { base: state.base, value: strip ? strip(state.value, state.base) : state.value });
    else sessionStorage.removeItem(PREFIX + id);
  }, [id, keep, strip, isChanged, state.base, state.value]);
  const change = useCallback((next: T | ((old: T) => T), joins?: string) => {
    setState((old) => {
      const value = typeof next === "function" ? (next as (old: T) => T)(old.value) : next;
      if (Object.is(value, old.value)) return old;
      const isJoined = joins !== undefined && joins === old.joins && old.past.length > 0;
      const past = isJoined ? old.past : [...old.past, old.value].slice(-MOST_STEPS);
      return { base: old.base, past, value, future: [], joins };
    });
  }, []);
  const undo = useCallback(() => setState(undone), []);
  const redo = useCallback(() => setState(redone), []);
  const discard = useCallback(() => setState(fresh(saved)), [saved]);
  const keepMine = useCallback(() => setState((old) => ({ ...old, base: saved })), [saved]);
  const sent = state.value;
  const accept = useCallback(
    (answered: T) => setState((now) => (now.value === sent ? fresh(answered) : onTop(answered, now.value))),
    [sent],
  );
  return useMemo(
    () => ({
      value: state.value,
      base: state.base,
      isChanged,
      change,
      undo,
      redo,
      canUndo: state.past.length > 0,
      canRedo: state.future.length > 0,
      discard,
      theirs: isNews && isChanged ? saved : null,
      keepMine,
      accept,
    }),
    [state, isChanged, isNews, saved, change, undo, redo, discard, keepMine, accept],
  );
}

function fresh<T>(saved: T): State<T> {
  return { base: saved, past: [], value: saved, future: [] };
}

function onTop<T>(base: T, value: T): State<T> {
  return { base, past: [base], value, future: [] };
}

function undone<T>(old: State<T>): State<T> {
  const value = old.past.at(-1);
  if (value === undefined) return old;
  return { base: old.base, past: old.past.slice(0, -1), value, future: [old.value, ...old.future] };
}

function redone<T>(old: State<T>): State<T> {
  const [value, ...future] = old.future;
  if (value === undefined) return old;
  return { base: old.base, past: [...old.past, old.value], value, future };
}

function restored<T>(id: string, saved: T, keep: boolean): State<T> {
  const text = keep ? sessionStorage.getItem(PREFIX + id) : null;
  if (text === null) return fresh(saved);
  try {
    const { base, value } = JSON.parse(text) as { base: T; value: T };
    return onTop(base, value);
  } catch {
    sessionStorage.removeItem(PREFIX + id);
    return fresh(saved);
  }
}

/** A draft that is too large for the storage is kept in memory only. */
function put(id: string, draft: unknown): void {
  try {
    sessionStorage.setItem(PREFIX + id, JSON.stringify(draft));
  } catch {
    sessionStorage.removeItem(PREFIX + id);
  }
}

/** Drops every draft of this tab: they belong to the one who signs out. */
export function forgetDrafts(): void {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX)) sessionStorage.removeItem(key);
}
