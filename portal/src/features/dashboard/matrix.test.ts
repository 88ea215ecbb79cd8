import { describe, expect, it } from "vitest";
import type { Dashboard, DashboardItem } from "./api";
import { groupsOf } from "./matrix";

const item = (project: string, environment: string, version: string, created: string): DashboardItem => ({
  Id: `${project}${version}`,
  ProjectId: project,
  EnvironmentId: environment,
  DeploymentId: "Deployments-1",
  TaskId: "ServerTasks-1",
  ReleaseId: "Releases-1",
  ReleaseVersion: version,
  ChannelId: "Channels-1",
  Created: created,
  QueueTime: null,
  StartTime: null,
  CompletedTime: null,
  State: "Success",
  HasPendingInterruptions: false,
  HasWarningsOrErrors: false,
  ErrorMessage: null,
  Duration: "",
  IsCompleted: true,
  IsCurrent: true,
  IsPrevious: false,
});

const project = (Id: string, Name: string, ProjectGroupId: string, EnvironmentIds: string[]) => ({
  Id,
  Name,
  Slug: Name.toLowerCase(),
  ProjectGroupId,
  EnvironmentIds,
  IsDisabled: false,
});

const dashboard: Dashboard = {
  ProjectGroups: [
    { Id: "G1", Name: "Web", EnvironmentIds: [] },
    { Id: "G2", Name: "Empty", EnvironmentIds: [] },
  ],
  Projects: [project("P1", "Hello", "G1", ["E1", "E2"]), project("P2", "Shop", "G1", ["E2"])],
  Environments: ["E1", "E2", "E3"].map((Id) => ({ Id, Name: Id })),
  Items: [
    item("P1", "E1", "1.0.0", "2026-01-01T00:00:00Z"),
    item("P1", "E1", "1.1.0", "2026-01-02T00:00:00Z"),
    item("P2", "E2", "3.0.0", "2026-01-01T00:00:00Z"),
  ],
};

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
