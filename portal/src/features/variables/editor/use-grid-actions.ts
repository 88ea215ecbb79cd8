import { useMemo, useRef } from "react";
import type { GridActions } from "../grid/use-grid";
import type { Variable } from "../model/variable";
import type { Opened } from "./dialogs";
import type { Variables } from "./use-variables";

interface Given {
  variables: Variables;
  lock: (variable: Variable) => string | null;
  open: (opened: Opened) => void;
  /** Lines that stay in sight although the filter does not fit them: those just made. */
  keep: (change: (old: ReadonlySet<string>) => ReadonlySet<string>) => void;
}

/** What the grid can do. The functions stay the same while variables change, so that lines need not be drawn anew. */
export function useGridActions(given: Given): GridActions {
  const now = useRef(given);
  now.current = given;
  return useMemo<GridActions>(() => {
    const isLocked = (variable: Variable) => now.current.lock(variable) !== null;
    const isOpen = (id: string) => {
      const variable = now.current.variables.after.find((one) => one.Id === id);
      return variable === undefined || !isLocked(variable);
    };
    return {
      isLocked,
      patch: (id, change) => now.current.variables.patch(id, change),
      add: (variable, after) => {
        const id = now.current.variables.add(variable, after);
        now.current.keep((old) => new Set(old).add(id));
        return id;
      },
      remove: (ids) => now.current.variables.remove(ids.filter(isOpen)),
      restore: (id) => now.current.variables.restore(id),
      undo: () => now.current.variables.draft.undo(),
      redo: () => now.current.variables.draft.redo(),
      openDetails: (id) => now.current.open({ kind: "details", id }),
      openText: (id) => now.current.open({ kind: "text", id }),
      paste: (text, place) => {
        const { variables, open } = now.current;
        const target = variables.after.find((one) => one.Id === place?.id);
        const isOneCell = place?.column === "value" && !text.includes("\t") && !text.trimEnd().includes("\n");
        if (isOneCell && target && !isLocked(target)) {
          variables.patch(target.Id, (old) => ({ ...old, Value: text.replace(/\r?\n$/, "") }));
        } else open({ kind: "paste", text });
      },
    };
  }, []);
}
