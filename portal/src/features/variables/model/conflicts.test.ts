import { describe, expect, it } from "vitest";
import { conflictSentence, conflictsOf } from "./conflicts";
import { NAMES, variable } from "./testing";

const kinds = (...scopes: object[]) => {
  const variables = scopes.map((Scope, index) => variable(String(index), { Scope, Value: `v${index}` }));
  const found = conflictsOf(variables);
  return variables.map((one) => found.get(one.Id)?.kind ?? "");
};

describe("values of which the scope does not decide", () => {
  it.each([
    ["both hold everywhere", [{}, {}], ["duplicate", "duplicate"]],
    ["the same scope", [{ Environment: ["test"] }, { Environment: ["Test"] }], ["duplicate", "duplicate"]],
    ["the same in another order", [{ Role: ["web", "db"] }, { Role: ["db", "web"] }], ["duplicate", "duplicate"]],
    [
      "one is a part of the other",
      [{ Environment: ["test", "production"] }, { Environment: ["test"] }],
      ["tie", "tie"],
    ],
    ["nothing in common", [{ Environment: ["test"] }, { Environment: ["production"] }], ["", ""]],
    ["one is more specific", [{}, { Environment: ["test"] }], ["", ""]],
    ["other dimensions", [{ Environment: ["test"] }, { Role: ["web"] }], ["", ""]],
    [
      "one dimension has nothing in common",
      [
        { Environment: ["test"], Role: ["web"] },
        { Environment: ["test"], Role: ["db"] },
      ],
      ["", ""],
    ],
    [
      "a duplicate weighs more than a tie",
      [{ Role: ["web", "db"] }, { Role: ["web"] }, { Role: ["web"] }],
      ["tie", "duplicate", "duplicate"],
    ],
    ["no dimension at all is none", [{ Role: [] }, {}], ["duplicate", "duplicate"]],
  ])("%s", (_title, scopes, expected) => {
    expect(kinds(...scopes)).toEqual(expected);
  });

  it("compares names without case, and leaves out what has none", () => {
    const found = conflictsOf([
      variable("1", { Name: "Host" }),
      variable("2", { Name: "host " }),
      variable("3", { Name: "" }),
      variable("4", { Name: "" }),
      variable("5", { Name: "Port" }),
    ]);
    expect([...found.keys()].sort()).toEqual(["1", "2"]);
  });

  it("says which one is used, and where", () => {
    const one = variable("1", { Value: "a", Scope: { Environment: ["test", "production"] } });
    const other = variable("2", { Value: "s3cret", IsSensitive: true, Scope: { Environment: ["production"] } });
    const found = conflictsOf([one, other]);
    const first = found.get("1");
    const second = found.get("2");
    expect(first && conflictSentence(one, first, NAMES)).toBe(
      "Another value (a sensitive one) is as specific for environment Production: there this one is used, since it stands first.",
    );
    expect(second && conflictSentence(other, second, NAMES)).toContain("there the other is used");
  });
});
