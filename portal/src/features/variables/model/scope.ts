import type { Scope, ScopeValues } from "./variable";

/** What a value can be scoped to, the most specific first: this is the order in which the server decides. */
export const DIMENSIONS = [
  { key: "Action", word: "Step", many: "Steps", list: "Actions" },
  { key: "Machine", word: "Target", many: "Targets", list: "Machines" },
  { key: "TargetRole", word: "Target tag of the step", many: "Target tags of the step", list: "Roles" },
  { key: "Role", word: "Target tag", many: "Target tags", list: "Roles" },
  { key: "Tenant", word: "Tenant", many: "Tenants", list: null },
  { key: "TenantTag", word: "Tenant tag", many: "Tenant tags", list: "TenantTags" },
  { key: "Environment", word: "Environment", many: "Environments", list: "Environments" },
  { key: "Channel", word: "Channel", many: "Channels", list: "Channels" },
  { key: "ProcessOwner", word: "Process", many: "Processes", list: "Processes" },
  { key: "Project", word: "Project", many: "Projects", list: null },
  { key: "Trigger", word: "Trigger", many: "Triggers", list: null },
  { key: "User", word: "User", many: "Users", list: null },
] as const;

export type Dimension = (typeof DIMENSIONS)[number]["key"];

/** Those offered when a scope is edited, the most wanted first. */
export const OFFERED: readonly Dimension[] = [
  "Environment",
  "Role",
  "Machine",
  "Action",
  "Channel",
  "TenantTag",
  "ProcessOwner",
];

export interface Chip {
  dimension: Dimension;
  id: string;
  word: string;
}

export function wordOfDimension(key: Dimension): string {
  return DIMENSIONS.find((one) => one.key === key)?.word ?? key;
}

export function manyOfDimension(key: Dimension): string {
  return DIMENSIONS.find((one) => one.key === key)?.many ?? key;
}

/** What the values of a dimension are called. Looked up for thousands of rows, so it is prepared once. */
export class ScopeNames {
  private readonly words = new Map<string, string>();
  /** What can be chosen, by dimension. */
  readonly choices: ReadonlyMap<Dimension, readonly Chip[]>;

  constructor(values: ScopeValues | undefined, more: ReadonlyMap<string, string> = new Map()) {
    const choices = new Map<Dimension, Chip[]>();
    for (const { key, list } of DIMENSIONS) {
      if (list === null || !values) continue;
      const chips = values[list].map((one) => ({ dimension: key as Dimension, id: one.Id, word: one.Name }));
      for (const chip of chips) this.words.set(`${key}/${chip.id.toLowerCase()}`, chip.word);
      if (OFFERED.includes(key)) choices.set(key, chips);
    }
    for (const [id, name] of more) this.words.set(id, name);
    this.choices = choices;
  }

  /** An id that has no name stays an id: it may be gone, or not for the user's eyes. */
  wordOf(dimension: Dimension, id: string): string {
    return this.words.get(`${dimension}/${id.toLowerCase()}`) ?? this.words.get(id) ?? id;
  }

  chipsOf(scope: Scope | undefined): Chip[] {
    return OFFERED_FIRST.flatMap((dimension) =>
      (scope?.[dimension] ?? []).map((id) => ({ dimension, id, word: this.wordOf(dimension, id) })),
    );
  }

  /** The chip that a word means, for what is pasted; null where nothing is called so. */
  chipOf(word: string, within?: Dimension): Chip | null {
    const sought = word.trim().toLowerCase();
    for (const [dimension, chips] of this.choices) {
      if (within && dimension !== within) continue;
      const found = chips.find((one) => one.word.toLowerCase() === sought || one.id.toLowerCase() === sought);
      if (found) return found;
    }
    return null;
  }
}

const OFFERED_FIRST: readonly Dimension[] = [
  ...OFFERED,
  ...DIMENSIONS.map((one) => one.key).filter((key) => !OFFERED.includes(key)),
];

export function scopeOf(chips: readonly Pick<Chip, "dimension" | "id">[]): Scope {
  const scope: Partial<Record<Dimension, string[]>> = {};
  for (const { dimension, id } of chips) {
    const ids = scope[dimension] ?? [];
    if (!ids.includes(id)) scope[dimension] = [...ids, id];
  }
  return scope as Scope;
}

/** Both scopes taken together, dimension by dimension. */
export function joined(scope: Scope | undefined, more: Scope | undefined): Scope {
  const chips = (one: Scope | undefined) =>
    DIMENSIONS.flatMap(({ key }) => (one?.[key] ?? []).map((id) => ({ dimension: key, id })));
  return scopeOf([...chips(scope), ...chips(more)]);
}

/** The dimensions that a scope has, with their values in one order and without case: equal scopes have equal keys. */
export function setDimensions(scope: Scope | undefined): [Dimension, string[]][] {
  const found: [Dimension, string[]][] = [];
  for (const { key } of DIMENSIONS) {
    const ids = scope?.[key];
    if (ids && ids.length > 0) found.push([key, ids.map((id) => id.toLowerCase()).sort()]);
  }
  return found;
}

export function scopeKey(scope: Scope | undefined): string {
  return JSON.stringify(setDimensions(scope));
}

export function isUnscoped(scope: Scope | undefined): boolean {
  return setDimensions(scope).length === 0;
}

export function scopeWords(scope: Scope | undefined, names: ScopeNames): string {
  return names
    .chipsOf(scope)
    .map((chip) => chip.word)
    .join(", ");
}
