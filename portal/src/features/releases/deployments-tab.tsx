import { Select, Text } from "@mantine/core";
import { IconRocket } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { environmentsQuery } from "@/api/reference";
import { useNames } from "@/api/things";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { StateBadge } from "@/components/state";
import { Ago, Elapsed } from "@/components/time";
import { conditionOfTask } from "@/lib/state";
import { useList } from "@/lib/use-list";
import type { Deployment } from "./api";
import { releaseDeploymentsQuery, type Task, useTasksOf } from "./history-api";
import { useRelease } from "./release-frame";

const STATES = [
  { value: "Success", label: "Succeeded" },
  { value: "Failed,TimedOut", label: "Failed" },
  { value: "Canceled", label: "Cancelled" },
  { value: "Queued,Executing,Cancelling", label: "Under way" },
];

/** Where a release has been deployed, by whom and how it went: newest first. */
export function ReleaseDeploymentsTab() {
  const { space, release } = useRelease();
  const list = useList<"environment" | "state">();
  const deployments = useQuery(releaseDeploymentsQuery(space, release.Id, { page: list.page, ...list.filters }));
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  const items = deployments.data?.Items ?? [];
  const taskOf = useTasksOf(space, items);
  const tenantNames = useNames("tenants", space, idsOf(items));
  return (
    <ListPanel
      what="The deployments"
      list={list}
      query={deployments}
      filters={
        <>
          <Select
            aria-label="Environment"
            placeholder="All environments"
            clearable
            searchable
            data={environments.map((one) => ({ value: one.Id, label: one.Name }))}
            value={list.filters.environment ?? null}
            onChange={(environment) => list.narrow({ environment })}
            w={200}
          />
          <Select
            aria-label="State"
            placeholder="All states"
            clearable
            data={STATES}
            value={list.filters.state ?? null}
            onChange={(state) => list.narrow({ state })}
            w={160}
          />
        </>
      }
      empty={
        <EmptyState icon={IconRocket} title="Not deployed yet">
          Each deployment of this release will be listed here, with who asked for it and how it went.
        </EmptyState>
      }
    >
      {(shown) => (
        <DataTable
          label="Deployments"
          rows={shown}
          keyOf={(one) => one.Id}
          columns={columnsOf({
            space,
            taskOf,
            environmentOf: (id) => environments.find((one) => one.Id === id)?.Name ?? id,
            tenantOf: tenantNames,
          })}
        />
      )}
    </ListPanel>
  );
}

function idsOf(deployments: readonly Deployment[]): string[] {
  return [...new Set(deployments.map((one) => one.TenantId).filter((id) => id !== null))];
}

interface Names {
  space: string;
  taskOf: (id: string) => Task | undefined;
  environmentOf: (id: string) => string;
  tenantOf: (id: string) => string;
}

function columnsOf({ space, taskOf, environmentOf, tenantOf }: Names): Column<Deployment>[] {
  return [
    {
      head: "To",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/deployments/$deployment" params={{ space, deployment: one.Id }} c="inherit">
              {environmentOf(one.EnvironmentId)}
              {one.TenantId && ` for ${tenantOf(one.TenantId)}`}
            </TextLink>
          }
        >
          {one.Comments}
        </NameCell>
      ),
    },
    { head: "State", width: 220, cell: (one) => <TaskState task={taskOf(one.TaskId)} /> },
    { head: "By", width: 150, wideOnly: true, dimmed: true, cell: (one) => one.DeployedBy },
    {
      head: "When",
      width: 150,
      dimmed: true,
      wideOnly: true,
      cell: (one) => one.QueueTime && <Ago at={one.QueueTime} />,
    },
    {
      head: "Took",
      width: 110,
      dimmed: true,
      wideOnly: true,
      cell: (one) => {
        const task = taskOf(one.TaskId);
        return task && <Elapsed from={task.StartTime} to={task.CompletedTime} />;
      },
    },
  ];
}

export function TaskState({ task }: { task: Task | undefined }) {
  if (!task) return null;
  return (
    <>
      <StateBadge of={conditionOfTask(task)} />
      {task.ErrorMessage && (
        <Text size="xs" c="dimmed" lineClamp={1}>
          {task.ErrorMessage}
        </Text>
      )}
    </>
  );
}
