import { useCallback, useMemo } from "react";
import { useRights } from "@/api/rights";
import type { Need } from "@/components/permitted";
import { type Dimension, OFFERED } from "../model/scope";
import type { Variable } from "../model/variable";

/** Whose variables are edited. */
export interface Owner {
  kind: "project" | "library";
  /** The id of the project or the library set. */
  id: string;
  space: string;
  name: string;
}

/** A library set is no project's own, so it knows no channels, steps and processes. */
export function offeredTo(owner: Owner): readonly Dimension[] {
  if (owner.kind === "project") return OFFERED;
  return OFFERED.filter((one) => one !== "Channel" && one !== "Action" && one !== "ProcessOwner");
}

/** What one must be allowed to do, anywhere, to change some of the variables. */
export function needOf(owner: Owner): Need {
  if (owner.kind === "project") return { permission: "VariableEdit", space: owner.space, project: owner.id };
  return { permission: "LibraryVariableSetEdit", space: owner.space };
}

/** No environment has this id: only a right that holds in all of them reaches it. */
const EVERYWHERE = "everywhere";

/** Why the user may not change a variable, in a sentence; null where they may. The server judges by the same rules. */
export function useLock(owner: Owner): (variable: Variable) => string | null {
  const rights = useRights();
  const { kind, id, space } = owner;
  const judge = useCallback(
    (variable: Variable): string | null => {
      const place = kind === "project" ? { space, project: id } : { space };
      if (!variable.IsEditable) return "The server says that this variable cannot be changed.";
      if (kind === "library" && !rights.allows("LibraryVariableSetEdit", place)) {
        return "You may see this, and not change it: that needs the permission LibraryVariableSetEdit.";
      }
      const environments = variable.Scope?.Environment ?? [];
      if (environments.length > 0) {
        const missed = environments.find((environment) => !rights.allows("VariableEdit", { ...place, environment }));
        if (missed === undefined) return null;
        return "You may not change this: it holds in environments for which you have no permission VariableEdit.";
      }
      const isOpen =
        rights.allows("VariableEditUnscoped", place) ||
        rights.allows("VariableEdit", { ...place, environment: EVERYWHERE });
      return isOpen ? null : "You may not change this: it holds in all environments, which needs VariableEditUnscoped.";
    },
    [rights, kind, id, space],
  );
  // Asked of every line in sight while one scrolls.
  return useMemo(() => {
    const judged = new WeakMap<Variable, string | null>();
    return (variable) => {
      const known = judged.get(variable);
      if (known !== undefined) return known;
      const sentence = judge(variable);
      judged.set(variable, sentence);
      return sentence;
    };
  }, [judge]);
}
