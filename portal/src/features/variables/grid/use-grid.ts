import { type KeyboardEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { Row } from "../model/rows";
import type { Variable } from "../model/variable";
import { ADDING, type Column, type Move, type Place, placeBeside } from "./columns";
import { pressed } from "./keys";

export interface Editing {
  /** What was typed to begin with; null where the cell goes on with what it has. */
  typed: string | null;
}

/** What can be done to the variables from within the grid. */
export interface GridActions {
  patch: (id: string, change: (old: Variable) => Variable) => void;
  /** Makes a variable, or another value of one, and gives its id. */
  add: (given: Partial<Variable>, after?: string) => string;
  remove: (ids: readonly string[]) => void;
  restore: (id: string) => void;
  undo: () => void;
  redo: () => void;
  openDetails: (id: string) => void;
  openText: (id: string) => void;
  /** What was put into the clipboard by somebody, where no cell is being edited. */
  paste: (text: string, place: Place | null) => void;
  isLocked: (variable: Variable) => boolean;
}

export interface Grid {
  active: Place | null;
  editing: Editing | null;
  chosen: ReadonlySet<string>;
  choose: (id: string, isRange: boolean) => void;
  chooseAll: (ids: readonly string[]) => void;
  activate: (place: Place) => void;
  edit: (place: Place, typed?: string | null) => void;
  commit: (change: (old: Variable) => Variable, move: Move) => void;
  cancel: () => void;
  begin: (typed: string | null, given?: Partial<Variable>, after?: string, column?: Column) => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
  /** Told when the cell that is active was moved to by keyboard, so that it is brought into sight. */
  moved: number;
}

/** Where one is in the grid, what is being edited there, and what keys do, as in a spreadsheet. */
export function useGrid(rows: readonly Row[], actions: GridActions, focusGrid: () => void): Grid {
  const [active, setActive] = useState<Place | null>(null);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [moved, setMoved] = useState(0);
  const anchor = useRef<string | null>(null);
  const ids = useMemo(() => [...rows.map((row) => row.variable.Id), ADDING], [rows]);
  const byId = useMemo(() => new Map(rows.map((row) => [row.variable.Id, row])), [rows]);
  const now = useRef({ active, editing, ids, byId, actions, chosen });
  now.current = { active, editing, ids, byId, actions, chosen };

  const activate = useCallback((place: Place) => {
    setActive(place);
    setEditing(null);
  }, []);
  const go = useCallback((place: Place) => {
    setActive(place);
    setEditing(null);
    setMoved((count) => count + 1);
  }, []);
  const begin = useCallback(
    (typed: string | null, given: Partial<Variable> = {}, after?: string, column: Column = "name") => {
      setActive({ id: now.current.actions.add(given, after), column });
      setEditing({ typed });
      setMoved((count) => count + 1);
    },
    [],
  );
  const edit = useCallback(
    (place: Place, typed: string | null = null) => {
      const { byId, actions } = now.current;
      if (place.id === ADDING) return begin(typed);
      const row = byId.get(place.id);
      setActive(place);
      if (!row || row.kind === "deleted" || actions.isLocked(row.variable)) return setEditing(null);
      const isLong = place.column === "value" && row.variable.Type === "String" && isLongText(row.variable.Value);
      if (isLong && typed === null) return actions.openText(place.id);
      setEditing({ typed });
    },
    [begin],
  );
  const commit = useCallback(
    (change: (old: Variable) => Variable, move: Move) => {
      const { active, ids, actions } = now.current;
      if (!active) return;
      actions.patch(active.id, change);
      setEditing(null);
      if (move === "leave") return;
      focusGrid();
      go(placeBeside(active, move, ids));
    },
    [focusGrid, go],
  );
  const cancel = useCallback(() => {
    const { active, byId, actions, ids } = now.current;
    setEditing(null);
    focusGrid();
    const row = active && byId.get(active.id);
    // A variable that was begun and has nothing yet is no change that anybody wanted.
    if (row && row.kind === "new" && isBlank(row.variable)) {
      actions.remove([row.variable.Id]);
      setActive(placeBeside(active, "up", ids));
    }
  }, [focusGrid]);
  const choose = useCallback((id: string, isRange: boolean) => {
    const from = anchor.current;
    const { ids, chosen } = now.current;
    const next = new Set(chosen);
    if (isRange && from !== null && ids.includes(from)) {
      const [first, last] = [ids.indexOf(from), ids.indexOf(id)].sort((one, other) => one - other);
      for (const each of ids.slice(first, (last ?? 0) + 1)) if (each !== ADDING) next.add(each);
    } else if (!next.delete(id)) next.add(id);
    anchor.current = id;
    setChosen(next);
  }, []);
  const chooseAll = useCallback((all: readonly string[]) => setChosen(new Set(all)), []);

  // What is not there any more is not chosen any more either.
  useEffect(() => {
    if ([...chosen].some((id) => !byId.has(id))) setChosen(new Set([...chosen].filter((id) => byId.has(id))));
  }, [byId, chosen]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (editing === null) pressed(event, { active, ids, byId, chosen, actions, go, edit, begin, choose, chooseAll });
  };

  return { active, editing, chosen, choose, chooseAll, activate, edit, commit, cancel, begin, onKeyDown, moved };
}

/** Texts that one line cannot show are edited large. */
export function isLongText(value: string | null): boolean {
  return value !== null && (value.includes("\n") || value.length > 300);
}

function isBlank(variable: Variable): boolean {
  const isScoped = Object.values(variable.Scope ?? {}).some((ids) => ids.length > 0);
  return variable.Name.trim() === "" && !variable.Value && !variable.Description && !isScoped;
}
