import type { Conflict } from "./conflicts";
import { type Dimension, isUnscoped, type ScopeNames } from "./scope";
import { isEmpty, isSecret, type Variable } from "./variable";

export const SHOWN = [
  { value: "changed", word: "Changed", about: "not saved yet" },
  { value: "unscoped", word: "Unscoped", about: "holds everywhere" },
  { value: "scoped", word: "Scoped", about: "holds in some places" },
  { value: "conflicts", word: "Duplicates and ties", about: "the scope does not decide" },
  { value: "empty", word: "Empty", about: "has no value" },
  { value: "prompted", word: "Asked for", about: "when deploying" },
] as const;

export type Shown = (typeof SHOWN)[number]["value"];

/** What the list of variables is narrowed to; all of it together. */
export interface VariableFilter {
  words: string;
  type: string | null;
  shown: Shown | null;
  /** Scoped to any of these; values without this dimension do not fit. */
  scope: readonly { dimension: Dimension; id: string }[];
}

export function isNarrowed(filter: VariableFilter): boolean {
  return filter.words.trim() !== "" || filter.type !== null || filter.shown !== null || filter.scope.length > 0;
}

export interface Known {
  names: ScopeNames;
  conflicts: ReadonlyMap<string, Conflict>;
  kinds: ReadonlyMap<string, unknown>;
}

export function fits(variable: Variable, filter: VariableFilter, known: Known): boolean {
  if (filter.type !== null && variable.Type !== filter.type) return false;
  if (filter.shown !== null && !isShown(variable, filter.shown, known)) return false;
  if (filter.scope.length > 0 && !isScopedTo(variable, filter.scope)) return false;
  const words = filter.words.trim().toLowerCase();
  return words === "" || words.split(/\s+/).every((word) => hasWord(variable, word, known.names));
}

function isShown(variable: Variable, shown: Shown, { conflicts, kinds }: Known): boolean {
  switch (shown) {
    case "changed":
      return kinds.has(variable.Id);
    case "unscoped":
      return isUnscoped(variable.Scope);
    case "scoped":
      return !isUnscoped(variable.Scope);
    case "conflicts":
      return conflicts.has(variable.Id);
    case "empty":
      return isEmpty(variable);
    case "prompted":
      return variable.Prompt !== null;
  }
}

/** Of one dimension any will do; all dimensions must fit. */
function isScopedTo(variable: Variable, scope: VariableFilter["scope"]): boolean {
  const wanted = new Map<Dimension, string[]>();
  for (const { dimension, id } of scope) wanted.set(dimension, [...(wanted.get(dimension) ?? []), id.toLowerCase()]);
  return [...wanted].every(([dimension, ids]) =>
    (variable.Scope?.[dimension] ?? []).some((id) => ids.includes(id.toLowerCase())),
  );
}

function hasWord(variable: Variable, word: string, names: ScopeNames): boolean {
  const texts = [variable.Name, isSecret(variable) ? "" : (variable.Value ?? ""), variable.Description ?? ""];
  if (texts.some((text) => text.toLowerCase().includes(word))) return true;
  return names.chipsOf(variable.Scope).some((chip) => chip.word.toLowerCase().includes(word));
}

/** Scopes in an address: `Environment:Environments-1`, joined by commas. */
export function scopeFromText(text: string | undefined): { dimension: Dimension; id: string }[] {
  return (text ?? "").split(",").flatMap((part) => {
    const [dimension, ...id] = part.split(":");
    return dimension && id.length > 0
      ? [{ dimension: dimension as Dimension, id: decodeURIComponent(id.join(":")) }]
      : [];
  });
}

export function scopeToText(scope: VariableFilter["scope"]): string {
  return scope.map(({ dimension, id }) => `${dimension}:${encodeURIComponent(id)}`).join(",");
}
