import { Group, Pagination, SegmentedControl, Table, Text } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { StateBadge } from "@/components/state";
import { Ago, Elapsed } from "@/components/time";
import { WideTable } from "@/components/wide-table";
import { conditionOfTask } from "@/lib/state";
import { PAGE_SIZE, SHOWN, type Shown, type Task, tasksQuery } from "./api";

const CHOICES = Object.entries(SHOWN).map(([value, { label }]) => ({ value, label }));

export function TasksScreen() {
  const { space } = useParams({ from: "/shell/app/$space/tasks" });
  const search = useSearch({ from: "/shell/app/$space/tasks" });
  const navigate = useNavigate({ from: "/app/$space/tasks" });
  const shown: Shown = search.show !== undefined && search.show in SHOWN ? (search.show as Shown) : "all";
  const page = search.page ?? 1;
  const tasks = useQuery(tasksQuery(space, shown, page));
  return (
    <Page title="Tasks" description="Everything that this server does and has done, newest first.">
      <SegmentedControl
        mb="md"
        aria-label="Which tasks"
        data={CHOICES}
        value={shown}
        onChange={(value) => navigate({ search: { show: value === "all" ? undefined : value }, replace: true })}
      />
      <Panel flush>
        <Loaded query={tasks} what="The tasks" rows={8}>
          {({ Items, TotalResults }) => (
            <>
              {Items.length > 0 ? <TaskTable tasks={Items} space={space} /> : <NoTasks shown={shown} />}
              {TotalResults > PAGE_SIZE && (
                <Group justify="center" p="sm">
                  <Pagination
                    size="sm"
                    total={Math.ceil(TotalResults / PAGE_SIZE)}
                    value={page}
                    onChange={(to) => navigate({ search: { show: search.show, page: to } })}
                  />
                </Group>
              )}
            </>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}

function TaskTable({ tasks, space }: { tasks: Task[]; space: string }) {
  return (
    <WideTable minWidth={300}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Task</Table.Th>
            <Table.Th w={220} visibleFrom="sm">
              State
            </Table.Th>
            <Table.Th w={150} visibleFrom="sm">
              Queued
            </Table.Th>
            <Table.Th w={120} visibleFrom="sm">
              Duration
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tasks.map((task) => (
            <Table.Tr key={task.Id}>
              <Table.Td>
                <TextLink to="/app/$space/tasks/$task" params={{ space, task: task.Id }} c="inherit" fw={500}>
                  {task.Description}
                </TextLink>
                <Group gap="xs" mt={4} hiddenFrom="sm" c="dimmed" fz="sm">
                  <StateBadge of={conditionOfTask(task)} />
                  {task.QueueTime && <Ago at={task.QueueTime} />}
                </Group>
                {task.ErrorMessage && (
                  <Text size="xs" c="dimmed" lineClamp={1}>
                    {task.ErrorMessage}
                  </Text>
                )}
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <StateBadge of={conditionOfTask(task)} />
              </Table.Td>
              <Table.Td c="dimmed" visibleFrom="sm">
                {task.QueueTime && <Ago at={task.QueueTime} />}
              </Table.Td>
              <Table.Td c="dimmed" visibleFrom="sm">
                <Elapsed from={task.StartTime} to={task.CompletedTime} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function NoTasks({ shown }: { shown: Shown }) {
  if (shown === "all") {
    return (
      <EmptyState icon={IconListCheck} title="No task has run yet">
        Deploy a release, or check the health of a target: each becomes a task with its log here.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconListCheck} title="None at present">
      No task is in this state.
    </EmptyState>
  );
}
