import { Text } from "@mantine/core";
import { useEnvironmentNames } from "@/api/reference";
import { useNames } from "@/api/things";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { TextLink } from "@/components/links";
import { StateBadge } from "@/components/state";
import { Ago, Elapsed } from "@/components/time";
import { conditionOfTask } from "@/lib/state";
import type { Run } from "./runs-api";

interface Props {
  space: string;
  runs: Run[];
  /** Also tells project and runbook: for lists of more than one. */
  ofMany?: boolean;
}

/** Runs of runbooks: how each came out, where, when and by whom. */
export function RunsTable({ space, runs, ofMany }: Props) {
  const environmentOf = useEnvironmentNames(space);
  const tenantOf = useNames("tenants", space, idsOf(runs.map((one) => one.TenantId)));
  const runbookOf = useNames("runbooks", space, ofMany ? idsOf(runs.map((one) => one.RunbookId)) : []);
  const projectOf = useNames("projects", space, ofMany ? idsOf(runs.map((one) => one.ProjectId)) : []);
  const columns: (Column<Run> | false | undefined)[] = [
    {
      head: "Run",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/tasks/$task" params={{ space, task: one.TaskId }}>
              {ofMany ? runbookOf(one.RunbookId) : environmentOf(one.EnvironmentId)}
              {!ofMany && one.TenantId && ` for ${tenantOf(one.TenantId)}`}
            </TextLink>
          }
        >
          {ofMany && projectOf(one.ProjectId)}
        </NameCell>
      ),
    },
    ofMany && {
      head: "Environment",
      wideOnly: true,
      cell: (one) => `${environmentOf(one.EnvironmentId)}${one.TenantId ? `, ${tenantOf(one.TenantId)}` : ""}`,
    },
    { head: "State", width: 190, cell: (one) => <State run={one} /> },
    { head: "Snapshot", wideOnly: true, dimmed: true, cell: (one) => one.RunbookSnapshotName },
    {
      head: "Started",
      wideOnly: true,
      dimmed: true,
      width: 140,
      cell: (one) => <Ago at={one.StartTime ?? one.QueueTime ?? one.Created ?? ""} />,
    },
    {
      head: "Took",
      wideOnly: true,
      dimmed: true,
      width: 100,
      cell: (one) => one.StartTime && <Elapsed from={one.StartTime} to={one.CompletedTime} />,
    },
    { head: "By", wideOnly: true, dimmed: true, cell: (one) => one.RunBy },
  ];
  return <DataTable label="Runs" rows={runs} columns={columns} keyOf={(one) => one.Id} />;
}

function State({ run }: { run: Run }) {
  return (
    <>
      <StateBadge of={conditionOfTask(run)} />
      {run.ErrorMessage && (
        <Text size="xs" c="dimmed" lineClamp={1} title={run.ErrorMessage}>
          {run.ErrorMessage}
        </Text>
      )}
    </>
  );
}

function idsOf(ids: readonly (string | null)[]): string[] {
  return [...new Set(ids.filter((one) => one !== null))];
}
