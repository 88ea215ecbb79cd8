import { describe, expect, it } from "vitest";
import { changesBetween } from "./changes";
import { conflictsOf } from "./conflicts";
import { scopeFromText, scopeToText, type VariableFilter } from "./filters";
import { rowsOf, type Sorting } from "./rows";
import { NAMES, variable } from "./testing";
import type { Variable } from "./variable";

const ALL: VariableFilter = { words: "", type: null, shown: null, scope: [] };
const BY_NAME: Sorting = { by: "name", isDown: false };

const saved = [
  variable("1", { Name: "Port", Value: "80" }),
  variable("2", { Name: "host", Value: "prod", Scope: { Environment: ["production"] } }),
  variable("3", { Name: "Host", Value: "any", Description: "the machine" }),
  variable("4", { Name: "Key", Type: "Sensitive", IsSensitive: true, Value: null }),
];

function ids(after: Variable[], filter: Partial<VariableFilter> = {}, sorting = BY_NAME, kept: string[] = []) {
  const sources = {
    before: saved,
    after,
    changes: changesBetween(saved, after),
    conflicts: conflictsOf(after),
    names: NAMES,
  };
  return rowsOf(sources, { ...ALL, ...filter }, sorting, new Set(kept));
}

const order = (...given: Parameters<typeof ids>) =>
  ids(...given)
    .map((row) => row.variable.Id)
    .join(" ");

describe("the lines of the grid", () => {
  it("are grouped by name, in the order of precedence within a name", () => {
    expect(order(saved)).toBe("2 3 4 1");
    expect(ids(saved).map((row) => row.isFirst)).toEqual([true, false, true, true]);
    expect(order(saved, {}, { by: "name", isDown: true })).toBe("1 4 2 3");
  });

  it("stay where they are while they are renamed or deleted, and new ones come last or beside their name", () => {
    const after = [
      { ...(saved[0] as Variable), Name: "Aaa" },
      saved[1] as Variable,
      variable("new-2", { Name: "HOST" }),
      saved[3] as Variable,
      variable("new-1", { Name: "" }),
      variable("new-3", { Name: "Bbb" }),
    ];
    expect(order(after)).toBe("2 3 new-2 4 1 new-1 new-3");
    expect(ids(after).find((row) => row.variable.Id === "3")?.kind).toBe("deleted");
  });

  it.each<[string, Partial<VariableFilter>, string]>([
    ["a word of the name", { words: "HOS" }, "2 3"],
    ["a word of the description", { words: "machine" }, "3"],
    ["a word of the scope", { words: "produ" }, "2"],
    ["all words", { words: "host any" }, "3"],
    ["a type", { type: "Sensitive" }, "4"],
    ["unscoped", { shown: "unscoped" }, "3 4 1"],
    ["scoped", { shown: "scoped" }, "2"],
    ["empty", { shown: "empty" }, "4"],
    ["a scope", { scope: [{ dimension: "Environment", id: "Production" }] }, "2"],
    ["another scope", { scope: [{ dimension: "Environment", id: "test" }] }, ""],
    ["changed", { shown: "changed" }, ""],
    ["conflicts", { shown: "conflicts" }, ""],
  ])("are narrowed to %s", (_title, filter, expected) => {
    expect(order(saved, filter)).toBe(expected);
  });

  it("keeps in sight what was just made", () => {
    expect(order([...saved, variable("new-1", { Name: "x" })], { words: "key" }, BY_NAME, ["new-1"])).toBe("4 new-1");
  });

  it.each<[Sorting["by"], string]>([
    ["value", "4 1 3 2"],
    ["type", "4 2 3 1"],
  ])("are sorted by %s", (by, expected) => {
    expect(order(saved, {}, { by, isDown: false })).toBe(expected);
  });
});

describe("scopes in an address", () => {
  it("come back as they were", () => {
    const scope = [
      { dimension: "TenantTag" as const, id: "Ring/Early, not late" },
      { dimension: "Environment" as const, id: "Environments-1" },
    ];
    expect(scopeFromText(scopeToText(scope))).toEqual(scope);
  });
});
