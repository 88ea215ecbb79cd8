import { Group, Stack, Text } from "@mantine/core";
import { IconListCheck, IconPlayerStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { Ago, Elapsed } from "@/components/time";
import { notifyError } from "@/lib/notify";
import { conditionOfTask } from "@/lib/state";
import { useList } from "@/lib/use-list";
import { type Task, type TaskFilter, taskPageQuery, useCancelMany } from "./api";
import { ShownControl, TaskFilters } from "./task-filters";

/** Everything that the server does and has done. */
export function TasksScreen() {
  const { space } = useParams({ from: "/shell/app/$space/tasks" });
  const list = useList<TaskFilter>();
  const tasks = useQuery(taskPageQuery(space, list));
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const stoppable = (tasks.data?.Items ?? []).filter((one) => chosen.has(one.Id) && !one.IsCompleted);
  return (
    <Page
      title="Tasks"
      description="Everything that this server does and has done, newest first."
      actions={<CancelChosen space={space} tasks={stoppable} onDone={() => setChosen(new Set())} />}
    >
      <Stack gap="sm" mb="sm">
        <ShownControl space={space} list={list} />
        <TaskFilters space={space} list={list} />
      </Stack>
      <ListPanel
        what="The tasks"
        list={list}
        query={tasks}
        find="Find by description"
        empty={
          <EmptyState icon={IconListCheck} title="No task has run yet">
            Deploy a release, or check the health of a target: each becomes a task with its log here.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label="Tasks"
            rows={items}
            columns={columnsOf(space)}
            keyOf={(one) => one.Id}
            selection={{ chosen, onChange: setChosen, nameOf: (one) => one.Description }}
          />
        )}
      </ListPanel>
    </Page>
  );
}

function columnsOf(space: string): Column<Task>[] {
  return [
    {
      head: "Task",
      cell: (task) => (
        <NameCell
          name={
            <TextLink to="/app/$space/tasks/$task" params={{ space, task: task.Id }} c="inherit">
              {task.Description}
            </TextLink>
          }
        >
          <Group gap="xs" hiddenFrom="sm" mt={4}>
            <StateBadge of={conditionOfTask(task)} />
            {task.QueueTime && <Ago at={task.QueueTime} />}
          </Group>
          {task.ErrorMessage && (
            <Text size="xs" lineClamp={1}>
              {task.ErrorMessage}
            </Text>
          )}
        </NameCell>
      ),
    },
    { head: "State", width: 220, wideOnly: true, cell: (task) => <StateBadge of={conditionOfTask(task)} /> },
    {
      head: "When",
      width: 150,
      wideOnly: true,
      dimmed: true,
      cell: (task) => task.QueueTime && <Ago at={task.QueueTime} />,
    },
    {
      head: "Took",
      width: 110,
      wideOnly: true,
      dimmed: true,
      cell: (task) => <Elapsed from={task.StartTime} to={task.CompletedTime} />,
    },
  ];
}

interface CancelProps {
  space: string;
  tasks: readonly Task[];
  onDone: () => void;
}

function CancelChosen({ space, tasks, onDone }: CancelProps) {
  const [asks, setAsks] = useState(false);
  const cancelling = useCancelMany(space);
  if (tasks.length === 0) return null;
  const many = tasks.length === 1 ? "one task" : `${tasks.length} tasks`;
  const running = tasks.filter((one) => one.State !== "Queued").length;
  return (
    <>
      <ActionButton
        variant="default"
        need={{ permission: "TaskCancel", space }}
        leftSection={<IconPlayerStop size={16} />}
        onClick={() => setAsks(true)}
      >
        Cancel {many}
      </ActionButton>
      <Confirm
        opened={asks}
        danger
        title={`Cancel ${many}?`}
        action="Cancel them"
        pending={cancelling.isPending}
        onClose={() => setAsks(false)}
        onConfirm={() =>
          cancelling.mutate(
            tasks.map((one) => one.Id),
            {
              onSuccess: (refused) => {
                setAsks(false);
                onDone();
                if (refused.length > 0) notifyError(`${refused.length} of them were not cancelled`, refused[0]);
              },
            },
          )
        }
      >
        {running === 0
          ? "None of them has begun, so nothing has been changed."
          : `${running === 1 ? "One of them is" : `${running} of them are`} at work: scripts are stopped, and what has been done stays done.`}
      </Confirm>
    </>
  );
}
