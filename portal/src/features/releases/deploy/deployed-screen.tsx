import { Group, Text } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { projectQuery, useEnvironmentNames } from "@/api/reference";
import { useNames } from "@/api/things";
import { DataTable } from "@/components/data-table";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { Pages } from "@/components/pages";
import { StateBadge } from "@/components/state";
import { Ago, Elapsed } from "@/components/time";
import { type Condition, conditionOfTask, WORDS } from "@/lib/state";
import { TaskState } from "../deployments-tab";
import { useTasksOf } from "../history-api";
import { unpacked } from "./wish";

const FROM = "/shell/app/$space/projects/$project/releases/$version/deployed";
const SIZE = 50;

/** Several deployments that were asked for at once: how each of them stands. */
export function DeployedScreen() {
  const { space, project: named, version } = useParams({ from: FROM });
  const { ids: text = "" } = useSearch({ from: FROM });
  const ids = unpacked(text);
  const [page, setPage] = useState(1);
  const project = useQuery(projectQuery(space, named));
  const deployments = useQuery({
    queryKey: ["progression", "deployed", text],
    queryFn: async () => {
      const query = { ids: ids.join(","), take: String(ids.length) };
      return (await answer(api.GET("/api/{space}/deployments", { params: { path: { space }, query } }))).Items;
    },
    enabled: ids.length > 0,
    placeholderData: keepPreviousData,
  });
  const all = deployments.data ?? [];
  const shown = all.slice((page - 1) * SIZE, page * SIZE);
  const taskOf = useTasksOf(space, all);
  const environmentOf = useEnvironmentNames(space);
  const tenantOf = useNames("tenants", space, [...new Set(shown.flatMap((one) => one.TenantId ?? []))]);
  const counts = countsOf(all.map((one) => taskOf(one.TaskId)).filter((task) => task !== undefined));
  return (
    <Page
      title={ids.length === 1 ? `A deployment of ${version}` : `${ids.length} deployments of ${version}`}
      description="They were asked for at once. This screen shows how each of them stands."
      crumbs={[
        { text: "Projects", to: `/app/${space}/projects` },
        { text: project.data?.Name ?? named, to: `/app/${space}/projects/${named}` },
        { text: version, to: `/app/${space}/projects/${named}/releases/${version}` },
      ]}
    >
      <Group gap="xs" mb="md" role="status" aria-label="How they stand">
        {counts.map(([condition, count]) => (
          <StateBadge key={condition} of={condition} word={`${count} ${WORDS[condition].toLowerCase()}`} />
        ))}
      </Group>
      <Panel flush>
        <Loaded query={deployments} what="The deployments" rows={8}>
          {() => (
            <>
              <DataTable
                label="Deployments"
                rows={shown}
                keyOf={(one) => one.Id}
                columns={[
                  {
                    head: "To",
                    cell: (one) => (
                      <TextLink
                        to="/app/$space/deployments/$deployment"
                        params={{ space, deployment: one.Id }}
                        c="inherit"
                        fw={500}
                      >
                        {environmentOf(one.EnvironmentId)}
                        {one.TenantId && ` for ${tenantOf(one.TenantId)}`}
                      </TextLink>
                    ),
                  },
                  { head: "State", width: 240, cell: (one) => <TaskState task={taskOf(one.TaskId)} /> },
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
                ]}
              />
              <Pages total={all.length} size={SIZE} page={page} onPage={setPage} />
            </>
          )}
        </Loaded>
      </Panel>
      {ids.length === 0 && (
        <Text size="sm" c="dimmed" mt="md">
          The address names no deployment.
        </Text>
      )}
    </Page>
  );
}

function countsOf(tasks: readonly Parameters<typeof conditionOfTask>[0][]): [Condition, number][] {
  const found = new Map<Condition, number>();
  for (const task of tasks) {
    const condition = conditionOfTask(task);
    found.set(condition, (found.get(condition) ?? 0) + 1);
  }
  return [...found];
}
