import type { Matrix, Row } from "./api";

export interface Group {
  id: string;
  name: string;
  environments: Matrix["Environments"];
  rows: Row[];
}

/** So many environments fit on a screen: then all groups have the same columns, which line up. */
const FEW = 6;

/** The matrix by project group, with the environments that the projects' releases can go to. */
export function groupsOf(matrix: Pick<Matrix, "Environments" | "ProjectGroups" | "Rows">): Group[] {
  const everywhere = columnsOf(matrix, matrix.Rows);
  return matrix.ProjectGroups.map((group) => {
    const rows = matrix.Rows.filter((row) => row.Project.ProjectGroupId === group.Id);
    const environments = everywhere.length <= FEW ? everywhere : columnsOf(matrix, rows);
    return { id: group.Id, name: group.Name, environments, rows };
  }).filter((group) => group.rows.length > 0);
}

function columnsOf({ Environments }: Pick<Matrix, "Environments">, rows: Row[]): Matrix["Environments"] {
  const used = new Set(rows.flatMap((row) => row.Project.EnvironmentIds));
  return Environments.filter((environment) => used.has(environment.Id));
}
