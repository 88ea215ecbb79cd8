import { diffLines } from "diff";
import { describe, expect, test } from "vitest";
import { changed, changesOf, linesOf } from "./differences";

const BEFORE = {
  Name: "Shop",
  Steps: [{ Name: "Build" }, { Name: "Deploy", Actions: [{ Id: "a1", Body: "echo 1" }] }],
  Tags: ["web"],
  Variables: [{ Name: "Key", Secret: { NewValue: "(a secret)" } }],
};

const details = (...Differences: object[]) => ({ DocumentContext: BEFORE, Differences: Differences as never });

describe("a change", () => {
  test.each([
    [
      "of a field",
      { op: "replace", path: "/Name", value: "Store", oldValue: "Shop" },
      { path: ["Name"], kind: "changed", before: "Shop", after: "Store", isSecret: false },
    ],
    [
      "deep inside is told by names",
      { op: "replace", path: "/Steps/1/Actions/0/Body", value: "echo 2", oldValue: "echo 1" },
      {
        path: ["Steps", "Deploy", "Actions", "a1", "Body"],
        kind: "changed",
        before: "echo 1",
        after: "echo 2",
        isSecret: false,
      },
    ],
    [
      "that adds to a list",
      { op: "add", path: "/Tags/1", value: "eu" },
      { path: ["Tags", "2"], kind: "added", before: null, after: "eu", isSecret: false },
    ],
    [
      "that takes something away",
      { op: "remove", path: "/Steps/0", oldValue: { Name: "Build" } },
      { path: ["Steps", "Build"], kind: "removed", before: '{\n  "Name": "Build"\n}', after: null, isSecret: false },
    ],
    [
      "of a secret",
      { op: "replace", path: "/Variables/0/Secret/NewValue", value: "(a new secret)", oldValue: "(a secret)" },
      {
        path: ["Variables", "Key", "Secret", "NewValue"],
        kind: "changed",
        before: "(a secret)",
        after: "(a new secret)",
        isSecret: true,
      },
    ],
    [
      "to nothing",
      { op: "replace", path: "/Name", value: null, oldValue: "Shop" },
      { path: ["Name"], kind: "changed", before: "Shop", after: "(nothing)", isSecret: false },
    ],
    [
      "of a name with a slash in it",
      { op: "add", path: "/a~1b~0c", value: 1 },
      { path: ["a/b~c"], kind: "added", before: null, after: "1", isSecret: false },
    ],
  ])("%s", (_, operation, change) => {
    expect(changesOf(details(operation))).toEqual([change]);
  });
});

test("the document after is the one before with all operations, which stays as it is", () => {
  const operations = [
    { op: "replace", path: "/Name", value: "Store", oldValue: "Shop" },
    { op: "remove", path: "/Steps/1", oldValue: {} },
    { op: "add", path: "/Steps/1", value: { Name: "Notify" } },
  ];
  expect(changed(BEFORE, operations as never)).toEqual({
    ...BEFORE,
    Name: "Store",
    Steps: [{ Name: "Build" }, { Name: "Notify" }],
  });
  expect(BEFORE.Name).toBe("Shop");
});

test("lines are numbered, and what is the same for long is left out", () => {
  const text = Array.from({ length: 12 }, (_, index) => `line ${index + 1}`);
  const lines = linesOf(diffLines(text.join("\n"), text.with(0, "first").join("\n")));
  expect(lines.map((line) => `${line.before ?? "-"} ${line.after ?? "-"} ${line.kind}`)).toEqual([
    "1 - removed",
    "- 1 added",
    "2 2 same",
    "3 3 same",
    "4 4 same",
    "- - skipped",
  ]);
  expect(lines.at(-1)?.text).toBe("8 lines are the same");
});
