import { Stack, Text, TextInput } from "@mantine/core";
import { IconHandStop, IconLayoutDashboard, IconSearch } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink, TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Notice } from "@/components/notice";
import { Page, Panel } from "@/components/page";
import { askingTasksQuery, type Dashboard, dashboardQuery } from "./api";
import { groupsOf } from "./matrix";
import { Matrix } from "./matrix-view";

/** What is where: every project in every environment, as it stands now. */
export function DashboardScreen() {
  const { space } = useParams({ from: "/shell/app/$space/" });
  const dashboard = useQuery(dashboardQuery(space));
  return (
    <Page title="Dashboard">
      <Asking space={space} />
      <Loaded query={dashboard} what="The dashboard" rows={8}>
        {(data) => (data.Projects.length === 0 ? <FirstSteps space={space} /> : <Groups space={space} data={data} />)}
      </Loaded>
    </Page>
  );
}

function Groups({ space, data }: { space: string; data: Dashboard }) {
  const [words, setWords] = useState("");
  const groups = groupsOf(data, words);
  return (
    <Stack gap="lg">
      {data.Projects.length > 8 && (
        <TextInput
          w={300}
          placeholder="Find a project"
          aria-label="Find a project"
          leftSection={<IconSearch size={15} />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
      )}
      {groups.map((group) => (
        <Matrix key={group.id} space={space} group={group} />
      ))}
      {groups.length === 0 && (
        <Text size="sm" c="dimmed">
          No project has this in its name.
        </Text>
      )}
    </Stack>
  );
}

function Asking({ space }: { space: string }) {
  const { data } = useQuery(askingTasksQuery(space));
  if (!data?.length) return null;
  return (
    <div style={{ marginBottom: 16 }}>
      <Notice
        tone="waiting"
        icon={IconHandStop}
        title={data.length === 1 ? "One task waits for a person" : `${data.length} tasks wait for a person`}
      >
        {data.map((task) => (
          <div key={task.Id}>
            <TextLink
              to="/app/$space/tasks/$task"
              params={{ space, task: task.Id }}
              size="sm"
              c="inherit"
              underline="always"
            >
              {task.Description}
            </TextLink>
          </div>
        ))}
      </Notice>
    </div>
  );
}

function FirstSteps({ space }: { space: string }) {
  return (
    <Panel>
      <EmptyState
        icon={IconLayoutDashboard}
        title="Nothing is deployed yet"
        action={
          <ButtonLink to="/app/$space/projects" params={{ space }}>
            Go to the projects
          </ButtonLink>
        }
      >
        <TextLink to="/app/$space/infrastructure/environments" params={{ space }}>
          Add environments
        </TextLink>
        , let{" "}
        <TextLink to="/app/$space/infrastructure/targets" params={{ space }}>
          targets
        </TextLink>{" "}
        register,{" "}
        <TextLink to="/app/$space/library/packages" params={{ space }}>
          push a package
        </TextLink>
        , then add a project with a process and deploy its first release.
      </EmptyState>
    </Panel>
  );
}
