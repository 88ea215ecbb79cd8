import type { Shape } from "@/api/client";
import { type Column, DataTable } from "@/components/data-table";
import { TextLink } from "@/components/links";
import { HealthCounts } from "../health-counts";
import { ailing } from "../summary";

type Environment = Shape<"EnvironmentSummary">;
type Pool = Shape<"WorkerPoolSummary">;

/** Environments with trouble come first; the others in their order. */
export function ByEnvironment({ space, summary }: { space: string; summary: Shape<"EnvironmentsSummary"> }) {
  const rows = [...summary.EnvironmentSummaries].sort((a, b) => Number(ailing(b) > 0) - Number(ailing(a) > 0));
  const columns: Column<Environment>[] = [
    {
      head: "Environment",
      cell: (one) => (
        <TextLink
          to="/app/$space/infrastructure/environments/$environment"
          params={{ space, environment: one.Id }}
          size="sm"
        >
          {one.Environment.Name}
        </TextLink>
      ),
    },
    {
      head: "Targets",
      width: 90,
      align: "right",
      cell: (one) => (
        <TextLink
          to="/app/$space/infrastructure/targets"
          params={{ space }}
          search={{ environment: one.Id }}
          size="sm"
          className="numbers"
        >
          {one.TotalMachines.toLocaleString("en-US")}
        </TextLink>
      ),
    },
    {
      head: "Health",
      wideOnly: true,
      cell: (one) => <HealthCounts space={space} counts={one} environment={one.Id} />,
    },
  ];
  return <DataTable label="Targets by environment" rows={rows} columns={columns} keyOf={(one) => one.Id} />;
}

export function ByPool({ space, summary }: { space: string; summary: Shape<"WorkerPoolsSummary"> }) {
  const rows = [...summary.WorkerPoolSummaries].sort((a, b) => Number(ailing(b) > 0) - Number(ailing(a) > 0));
  const columns: Column<Pool>[] = [
    {
      head: "Pool",
      cell: (one) => (
        <TextLink to="/app/$space/infrastructure/worker-pools/$pool" params={{ space, pool: one.Id }} size="sm">
          {one.Name}
        </TextLink>
      ),
    },
    {
      head: "Workers",
      width: 90,
      align: "right",
      cell: (one) => (
        <TextLink
          to="/app/$space/infrastructure/workers"
          params={{ space }}
          search={{ pool: one.Id }}
          size="sm"
          className="numbers"
        >
          {one.TotalMachines.toLocaleString("en-US")}
        </TextLink>
      ),
    },
    {
      head: "Health",
      cell: (one) =>
        one.TotalMachines === 0 && one.WorkerPool.IsDefault ? (
          "This server runs its steps itself."
        ) : (
          <HealthCounts space={space} counts={one} pool={one.Id} />
        ),
    },
  ];
  return <DataTable label="Workers by pool" rows={rows} columns={columns} keyOf={(one) => one.Id} />;
}
