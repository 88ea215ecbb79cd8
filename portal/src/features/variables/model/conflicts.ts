import { type Dimension, type ScopeNames, setDimensions, wordOfDimension } from "./scope";
import { foldedName, isSecret, type Variable } from "./variable";

/** Two values of a name of which the scope alone does not tell which one is used. */
export interface Conflict {
  /** The same scope, or one that is as specific and holds in some of the same places. */
  kind: "duplicate" | "tie";
  /** The value that is used where both hold: the one that stands first. */
  first: Variable;
  other: Variable;
  /** Where both hold: nothing for duplicates. */
  shared: [Dimension, string[]][];
}

interface Entry {
  variable: Variable;
  dimensions: [Dimension, string[]][];
}

/** The conflicts by the ids of the variables in them. A value that is not named yet has none. */
export function conflictsOf(variables: readonly Variable[]): Map<string, Conflict> {
  const groups = new Map<string, Entry[]>();
  for (const variable of variables) {
    const name = foldedName(variable.Name);
    if (name === "") continue;
    const dimensions = setDimensions(variable.Scope);
    // Only values that are scoped on the same dimensions are equally specific.
    const key = `${name}\n${dimensions.map(([dimension]) => dimension).join()}`;
    const group = groups.get(key);
    if (group) group.push({ variable, dimensions });
    else groups.set(key, [{ variable, dimensions }]);
  }
  const found = new Map<string, Conflict>();
  for (const group of groups.values()) if (group.length > 1) compare(group, found);
  return found;
}

function compare(group: readonly Entry[], found: Map<string, Conflict>): void {
  group.forEach((one, index) => {
    for (const other of group.slice(index + 1)) {
      const shared = sharedOf(one, other);
      if (!shared) continue;
      const isDuplicate = JSON.stringify(one.dimensions) === JSON.stringify(other.dimensions);
      const kind = isDuplicate ? "duplicate" : "tie";
      for (const [mine, theirs] of [
        [one.variable, other.variable],
        [other.variable, one.variable],
      ] as const) {
        if (found.has(mine.Id) && !(kind === "duplicate" && found.get(mine.Id)?.kind === "tie")) continue;
        found.set(mine.Id, { kind, first: one.variable, other: theirs, shared: isDuplicate ? [] : shared });
      }
    }
  });
}

/** What both are scoped to; null where some dimension has nothing in common, so that both never hold. */
function sharedOf(one: Entry, other: Entry): [Dimension, string[]][] | null {
  const shared: [Dimension, string[]][] = [];
  for (const [index, [dimension, ids]] of one.dimensions.entries()) {
    const theirs = new Set(other.dimensions[index]?.[1]);
    const both = ids.filter((id) => theirs.has(id));
    if (both.length === 0) return null;
    shared.push([dimension, both]);
  }
  return shared;
}

/** What a conflict means, in a sentence for the variable that has it. */
export function conflictSentence(variable: Variable, conflict: Conflict, names: ScopeNames): string {
  const isFirst = conflict.first.Id === variable.Id;
  const used = isFirst ? "this one is used, since it stands first" : "the other is used, since it stands first";
  const other = valueWords(conflict.other);
  if (conflict.kind === "duplicate") {
    return `Another value (${other}) has the same name and the same scope: ${used}. Change a scope, or delete one.`;
  }
  const where = conflict.shared
    .map(([dimension, ids]) => {
      const words = ids.map((id) => names.wordOf(dimension, id)).join(" or ");
      return `${wordOfDimension(dimension).toLowerCase()} ${words}`;
    })
    .join(" and ");
  return `Another value (${other}) is as specific for ${where}: there ${used}.`;
}

function valueWords(variable: Variable): string {
  if (isSecret(variable)) return "a sensitive one";
  const text = variable.Value ?? "";
  if (text === "") return "an empty one";
  return `“${text.length > 40 ? `${text.slice(0, 40)}…` : text}”`;
}
