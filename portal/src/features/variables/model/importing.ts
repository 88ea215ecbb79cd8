import type { PastedVariable } from "./pasted";
import { type Chip, DIMENSIONS, type Dimension, type ScopeNames, scopeKey, scopeOf } from "./scope";
import { foldedName, isSecret, newVariable, TYPES, type Variable, type VariableType } from "./variable";

export interface Planned {
  variable: Variable;
  /** The value that this replaces: the one with the same name and the same scope. */
  replaces: Variable | null;
  /** It says what is there already. */
  isSame: boolean;
  /** Words of the scope that nothing is called by. */
  unknown: string[];
}

/** What taking over a paste would do, line by line, before it is done. */
export function planOf(pasted: readonly PastedVariable[], there: readonly Variable[], names: ScopeNames): Planned[] {
  const byKey = new Map(there.map((one) => [keyOf(one), one]));
  return pasted.map((one) => {
    const chips: Chip[] = [];
    const unknown: string[] = [];
    for (const { dimension, words } of one.scope) {
      for (const word of words.filter((each) => each !== "")) {
        const chip = names.chipOf(word, dimensionOf(dimension));
        if (chip) chips.push(chip);
        else unknown.push(word);
      }
    }
    const type = typeOf(one.type);
    const made = newVariable({
      Name: one.name,
      Value: one.value,
      Description: one.description ?? null,
      Type: type,
      IsSensitive: type === "Sensitive",
      Scope: scopeOf(chips),
    });
    const replaces = byKey.get(keyOf(made)) ?? null;
    const isSame = replaces !== null && !isSecret(replaces) && replaces.Value === one.value && replaces.Type === type;
    return { variable: made, replaces, isSame, unknown };
  });
}

/** The variables with the planned ones: replaced in their places, or put behind the others. */
export function withPlanned(there: readonly Variable[], planned: readonly Planned[]): Variable[] {
  const replaced = new Map<string, Variable>();
  const added: Variable[] = [];
  for (const { variable, replaces, isSame } of planned) {
    if (isSame) continue;
    if (replaces) replaced.set(replaces.Id, taken(replaces, variable));
    else added.push(variable);
  }
  return [...there.map((one) => replaced.get(one.Id) ?? one), ...added];
}

function taken(old: Variable, given: Variable): Variable {
  const kind = isSecret(given) ? { Type: given.Type, IsSensitive: true } : {};
  return { ...old, ...kind, Value: given.Value, Description: given.Description ?? old.Description };
}

function keyOf(variable: Variable): string {
  return `${foldedName(variable.Name)}\n${scopeKey(variable.Scope)}`;
}

function dimensionOf(word: string | null): Dimension | undefined {
  const sought = word?.toLowerCase();
  return DIMENSIONS.find((one) => [one.key, one.word, one.many].some((name) => name.toLowerCase() === sought))?.key;
}

function typeOf(word: string | undefined): VariableType {
  const sought = word?.trim().toLowerCase();
  return TYPES.find((one) => one.type.toLowerCase() === sought || one.word.toLowerCase() === sought)?.type ?? "String";
}
