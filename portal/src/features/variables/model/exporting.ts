import { manyOfDimension, OFFERED, type ScopeNames } from "./scope";
import { isSecret, type Variable, wordOfType } from "./variable";

/** The variables as a table that a spreadsheet opens, and that can be pasted again. Secrets have no value in it. */
export function toCsv(variables: readonly Variable[], names: ScopeNames): string {
  const heads = ["Name", "Value", "Type", ...OFFERED.map(manyOfDimension), "Description"];
  const lines = variables.map((one) => {
    const chips = names.chipsOf(one.Scope);
    const scope = OFFERED.map((key) =>
      chips
        .filter((chip) => chip.dimension === key)
        .map((chip) => chip.word)
        .join("; "),
    );
    return [one.Name, isSecret(one) ? "" : (one.Value ?? ""), wordOfType(one.Type), ...scope, one.Description ?? ""];
  });
  return [heads, ...lines].map((cells) => cells.map(cellOf).join(",")).join("\r\n");
}

function cellOf(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The same as JSON, with the names of what values are scoped to. */
export function toJson(variables: readonly Variable[], names: ScopeNames): string {
  const members = variables.map((one) => {
    const scope: Record<string, string[]> = {};
    for (const { dimension, word } of names.chipsOf(one.Scope)) scope[dimension] = [...(scope[dimension] ?? []), word];
    return {
      Name: one.Name,
      Value: isSecret(one) ? null : one.Value,
      Type: one.Type,
      ...(one.Description ? { Description: one.Description } : {}),
      ...(Object.keys(scope).length > 0 ? { Scope: scope } : {}),
    };
  });
  return JSON.stringify(members, null, 2);
}
