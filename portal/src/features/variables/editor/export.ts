import { toCsv, toJson } from "../model/exporting";
import type { ScopeNames } from "../model/scope";
import type { Variable } from "../model/variable";

/** Gives the variables as a file. */
export function download(
  owner: string,
  format: "csv" | "json",
  variables: readonly Variable[],
  names: ScopeNames,
): void {
  const text = format === "csv" ? toCsv(variables, names) : toJson(variables, names);
  const file = new Blob([text], { type: format === "csv" ? "text/csv" : "application/json" });
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `${owner.replace(/[^\w.-]+/g, "-")}-variables.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
