import { textOf } from "@/lib/search";

/** What the variables screen has in its address: what is shown, and for which place a value is explained. */
export interface VariableSearch {
  q?: string;
  type?: string;
  show?: string;
  scope?: string;
  sort?: string;
  explain?: string;
  environment?: string;
  target?: string;
  step?: string;
  channel?: string;
  tenant?: string;
  runbook?: string;
  role?: string;
}

const NAMES = [
  "q",
  "type",
  "show",
  "scope",
  "sort",
  "explain",
  "environment",
  "target",
  "step",
  "channel",
  "tenant",
  "runbook",
  "role",
] as const;

export function variableSearch(search: Record<string, unknown>): VariableSearch {
  return Object.fromEntries(NAMES.map((name) => [name, textOf(search[name])]));
}
