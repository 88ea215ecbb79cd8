import { describe, expect, it } from "vitest";
import type { Matrix } from "./api";
import { groupsOf } from "./groups";

const row = (Id: string, ProjectGroupId: string, EnvironmentIds: string[]) =>
  ({ Project: { Id, Name: Id, ProjectGroupId, EnvironmentIds }, Cells: [] }) as unknown as Matrix["Rows"][number];

const environments = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ Id: `E${index + 1}`, Name: `E${index + 1}` }));

const matrix = (count: number, rows: Matrix["Rows"]) =>
  ({
    ProjectGroups: [
      { Id: "G1", Name: "Web" },
      { Id: "G2", Name: "Data" },
      { Id: "G3", Name: "Empty" },
    ],
    Environments: environments(count),
    Rows: rows,
  }) as Matrix;

describe("the dashboard's groups", () => {
  it("leave out groups without projects, and environments that no project reaches", () => {
    const groups = groupsOf(matrix(3, [row("P1", "G1", ["E1"]), row("P2", "G2", ["E2"])]));
    expect(groups.map((group) => group.name)).toEqual(["Web", "Data"]);
    expect(groups.map((group) => group.environments.map((one) => one.Id))).toEqual([
      ["E1", "E2"],
      ["E1", "E2"],
    ]);
  });

  it("have columns of their own where all together would not fit", () => {
    const many = environments(8).map((one) => one.Id);
    const groups = groupsOf(matrix(8, [row("P1", "G1", many), row("P2", "G2", ["E8"])]));
    expect(groups.map((group) => group.environments.length)).toEqual([8, 1]);
  });
});
