import type { Dashboard, DashboardItem } from "./api";

export interface Row {
  project: Dashboard["Projects"][number];
  /** By environment id. */
  cells: Map<string, DashboardItem>;
}

export interface Group {
  id: string;
  name: string;
  environments: Dashboard["Environments"];
  rows: Row[];
}

/** So many environments fit on a screen: then all groups have the same columns, which line up. */
const FEW = 6;

/** The matrix by project group, with the environments that the projects' releases can go to. */
export function groupsOf(dashboard: Dashboard, words = ""): Group[] {
  const sought = words.trim().toLowerCase();
  const cells = new Map<string, Map<string, DashboardItem>>();
  for (const item of dashboard.Items) {
    const own = cells.get(item.ProjectId) ?? new Map<string, DashboardItem>();
    const known = own.get(item.EnvironmentId);
    if (!known || isNewer(item, known)) own.set(item.EnvironmentId, item);
    cells.set(item.ProjectId, own);
  }
  const shown = dashboard.Projects.filter((project) => project.Name.toLowerCase().includes(sought));
  const everywhere = columnsOf(dashboard, shown);
  return dashboard.ProjectGroups.map((group) => {
    const projects = shown.filter((project) => project.ProjectGroupId === group.Id);
    return {
      id: group.Id,
      name: group.Name,
      environments: everywhere.length <= FEW ? everywhere : columnsOf(dashboard, projects),
      rows: projects.map((project) => ({ project, cells: cells.get(project.Id) ?? new Map() })),
    };
  }).filter((group) => group.rows.length > 0);
}

function columnsOf(dashboard: Dashboard, projects: Dashboard["Projects"]): Dashboard["Environments"] {
  const used = new Set(projects.flatMap((project) => project.EnvironmentIds));
  return dashboard.Environments.filter((environment) => used.has(environment.Id));
}

function isNewer(item: DashboardItem, known: DashboardItem): boolean {
  return Date.parse(item.Created ?? item.QueueTime ?? "") > Date.parse(known.Created ?? known.QueueTime ?? "");
}
