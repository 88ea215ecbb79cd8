import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { type Column, DataTable } from "@/components/data-table";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Pages } from "@/components/pages";
import { StateBadge } from "@/components/state";
import { Ago, Elapsed } from "@/components/time";
import { PAGE } from "@/lib/search";
import { conditionOfTask } from "@/lib/state";
import { machineTasksQuery } from "./api";
import type { Machine, Realm } from "./realm";

type Task = Shape<"Task">;

/** What was done with the machine, newest first. */
export function TasksTab({ realm, space, machine }: { realm: Realm; space: string; machine: Machine }) {
  const [page, setPage] = useState(1);
  const tasks = useQuery(machineTasksQuery(realm, space, machine.Id, page));
  return (
    <Panel flush>
      <Loaded query={tasks} what="The tasks">
        {({ Items, TotalResults }) =>
          Items.length === 0 ? (
            <Text size="sm" c="dimmed" p="xl" ta="center">
              Deployments to it and checks of it will stand here.
            </Text>
          ) : (
            <>
              <DataTable
                label="Tasks"
                rows={Items}
                columns={columnsOf(space)}
                keyOf={(task) => task.Id}
                minWidth={520}
              />
              <Pages total={TotalResults} size={PAGE} page={page} onPage={setPage} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

function columnsOf(space: string): Column<Task>[] {
  return [
    {
      head: "Task",
      cell: (task) => (
        <TextLink to="/app/$space/tasks/$task" params={{ space, task: task.Id }} size="sm">
          {task.Description}
        </TextLink>
      ),
    },
    { head: "State", width: 210, cell: (task) => <StateBadge of={conditionOfTask(task)} /> },
    { head: "Queued", width: 150, dimmed: true, cell: (task) => task.QueueTime && <Ago at={task.QueueTime} /> },
    {
      head: "Took",
      width: 110,
      dimmed: true,
      wideOnly: true,
      cell: (task) => task.StartTime && <Elapsed from={task.StartTime} to={task.CompletedTime} />,
    },
  ];
}
