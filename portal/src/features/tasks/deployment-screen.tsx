import { Text } from "@mantine/core";
import { queryOptions, type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { answer, api, type Shape } from "@/api/client";
import { projectQuery, useEnvironmentNames } from "@/api/reference";
import { useNames } from "@/api/things";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { StateBadge } from "@/components/state";
import { conditionOfTask } from "@/lib/state";
import type { Task } from "./api";
import { DeploymentChanges, DeploymentDetails } from "./deployment-details";
import { PromoteButtons } from "./promote-buttons";
import { taskQuery } from "./queries";
import { Schedule } from "./reschedule";
import { TaskBody } from "./task-body";
import { CancelButton, ResumeButton, TaskFacts } from "./task-header";
import { TaskMenu } from "./task-menu";

type Deployment = Shape<"Deployment">;

export const deploymentQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["deployment", id],
    queryFn: () => answer(api.GET("/api/{space}/deployments/{id}", { params: { path: { space, id } } })),
    staleTime: 60_000,
  });

const releaseQuery = (space: string, id: string) =>
  queryOptions({
    queryKey: ["release", id],
    queryFn: () => answer(api.GET("/api/{space}/releases/{id}", { params: { path: { space, id } } })),
    staleTime: 60_000,
  });

export function DeploymentScreen() {
  const { space, deployment: id } = useParams({ from: "/shell/app/$space/deployments/$deployment" });
  const deployment = useQuery(deploymentQuery(space, id));
  const task = useQuery({ ...taskQuery(space, deployment.data?.TaskId ?? ""), enabled: deployment.isSuccess });
  if (deployment.data && task.data) {
    return <DeploymentView space={space} deployment={deployment.data} task={task.data} />;
  }
  return (
    <Page title={id}>
      <Loaded query={(deployment.data ? task : deployment) as UseQueryResult<unknown>} what="The deployment">
        {() => null}
      </Loaded>
    </Page>
  );
}

interface Props {
  space: string;
  deployment: Deployment;
  task: Task;
}

/** A deployment: where it belongs, how it stands, what it asks, what it says. */
export function DeploymentView({ space, deployment, task }: Props) {
  const environmentOf = useEnvironmentNames(space);
  const tenantOf = useNames("tenants", space, deployment.TenantId ? [deployment.TenantId] : []);
  const { data: project } = useQuery(projectQuery(space, deployment.ProjectId));
  const { data: release } = useQuery(releaseQuery(space, deployment.ReleaseId));
  const version = release?.Version;
  const at = project && `/app/${space}/projects/${project.Slug}`;
  const whose = deployment.TenantId ? ` for ${tenantOf(deployment.TenantId)}` : "";
  return (
    <Page
      fill
      title={version ? `${version} to ${environmentOf(deployment.EnvironmentId)}${whose}` : task.Description}
      crumbs={[
        { text: "Projects", to: `/app/${space}/projects` },
        ...(at ? [{ text: project.Name, to: at }] : []),
        ...(at && version ? [{ text: version, to: `${at}/releases/${version}` }] : []),
      ]}
      aside={<StateBadge of={conditionOfTask(task)} />}
      description={<TaskFacts task={task} who={deployment.DeployedBy} />}
      actions={
        <>
          {project && version && (
            <PromoteButtons
              space={space}
              project={project.Slug}
              version={version}
              deployment={deployment}
              task={task}
            />
          )}
          <ResumeButton space={space} task={task} />
          <CancelButton space={space} task={task} />
          <TaskMenu space={space} task={task} />
        </>
      }
    >
      <TaskBody
        space={space}
        task={task}
        first={
          <>
            {deployment.Comments && (
              <Text size="sm" mb="sm">
                {deployment.Comments}
              </Text>
            )}
            <Schedule space={space} deployment={deployment} task={task} />
          </>
        }
        parts={[
          { value: "changes", word: "Changes", content: <DeploymentChanges deployment={deployment} /> },
          {
            value: "details",
            word: "Details",
            content: <DeploymentDetails space={space} deployment={deployment} release={release} task={task} />,
          },
        ]}
      />
    </Page>
  );
}
