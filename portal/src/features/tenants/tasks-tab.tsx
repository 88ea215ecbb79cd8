import { Select } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { StateBadge } from "@/components/state";
import { Ago, Elapsed } from "@/components/time";
import { conditionOfTask } from "@/lib/state";
import { useList } from "@/lib/use-list";
import { tenantTasksQuery } from "./api";
import { useTenant } from "./use-tenant";

const STATES = [
  { value: "Queued,Executing,Cancelling", label: "Not ended" },
  { value: "Success", label: "Succeeded" },
  { value: "Failed,TimedOut", label: "Failed" },
  { value: "Canceled", label: "Cancelled" },
];

/** Deployments and runs of runbooks for the tenant, the newest first. */
export function TasksTab() {
  const { space, tenant } = useTenant();
  const list = useList<"states">();
  const tasks = useQuery(tenantTasksQuery(space, tenant.Id, list, list.filters.states));
  return (
    <ListPanel
      what="The tasks"
      list={list}
      query={tasks}
      filters={
        <Select
          aria-label="State"
          placeholder="Any state"
          clearable
          w={170}
          data={STATES}
          value={list.filters.states ?? null}
          onChange={(states) => list.narrow({ states })}
        />
      }
      empty={
        <EmptyState icon={IconListCheck} title="No task yet">
          Deployments and runs of runbooks for this tenant are listed here.
        </EmptyState>
      }
    >
      {(items) => (
        <DataTable
          label="Tasks"
          rows={items}
          keyOf={(one) => one.Id}
          minWidth={360}
          columns={[
            {
              head: "Task",
              cell: (one) => (
                <TextLink to="/app/$space/tasks/$task" params={{ space, task: one.Id }} c="inherit" fw={500}>
                  {one.Description}
                </TextLink>
              ),
            },
            { head: "State", width: 220, cell: (one) => <StateBadge of={conditionOfTask(one)} /> },
            {
              head: "Began",
              width: 150,
              dimmed: true,
              wideOnly: true,
              cell: (one) => one.StartTime && <Ago at={one.StartTime} />,
            },
            {
              head: "Length",
              width: 120,
              dimmed: true,
              wideOnly: true,
              cell: (one) => one.StartTime && <Elapsed from={one.StartTime} to={one.CompletedTime} />,
            },
          ]}
        />
      )}
    </ListPanel>
  );
}
