import { describe, expect, it } from "vitest";
import type { Dashboard, DashboardItem } from "./api";
import { groupsOf } from "./matrix";

const item = (ProjectId: string, EnvironmentId: string, ReleaseVersion: string, Created: string) =>
  ({ ProjectId, EnvironmentId, ReleaseVersion, Created, State: "Success" }) as DashboardItem;

const project = (Id: string, Name: string, ProjectGroupId: string, EnvironmentIds: string[]) =>
  ({ Id, Name, ProjectGroupId, EnvironmentIds }) as Dashboard["Projects"][number];

const dashboard = {
  ProjectGroups: [
    { Id: "G1", Name: "Web" },
    { Id: "G2", Name: "Empty" },
  ],
  Projects: [project("P1", "Hello", "G1", ["E1", "E2"]), project("P2", "Shop", "G1", ["E2"])],
  Environments: ["E1", "E2", "E3"].map((Id) => ({ Id, Name: Id })),
  Items: [
    item("P1", "E1", "1.0.0", "2026-01-01T00:00:00Z"),
    item("P1", "E1", "1.1.0", "2026-01-02T00:00:00Z"),
    item("P2", "E2", "3.0.0", "2026-01-01T00:00:00Z"),
  ],
} as Dashboard;

describe("the dashboard's matrix", () => {
  it("groups projects and leaves out groups and environments that none of them uses", () => {
    const groups = groupsOf(dashboard);
    expect(groups.map((group) => group.name)).toEqual(["Web"]);
    expect(groups[0]?.environments.map((one) => one.Id)).toEqual(["E1", "E2"]);
  });

  it("shows the newest deployment of each cell", () => {
    expect(groupsOf(dashboard)[0]?.rows[0]?.cells.get("E1")?.ReleaseVersion).toBe("1.1.0");
  });

  it("keeps the projects that are sought", () => {
    expect(groupsOf(dashboard, "sho")[0]?.rows.map((row) => row.project.Name)).toEqual(["Shop"]);
    expect(groupsOf(dashboard, "nothing")).toEqual([]);
  });
});
