import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Facts } from "@/components/facts";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { StateBadge } from "@/components/state";
import { conditionOfTask } from "@/lib/state";
import { exactTime } from "@/lib/time";
import type { Task } from "./api";
import { DeploymentView, deploymentQuery } from "./deployment-screen";
import { taskQuery } from "./queries";
import { TaskBody } from "./task-body";
import { CancelButton, ResumeButton, TaskFacts } from "./task-header";
import { TaskMenu } from "./task-menu";

/** Any task by its id: what it is, how it stands, its log. A deployment's is shown as the deployment. */
export function TaskScreen() {
  const { space, task: id } = useParams({ from: "/shell/app/$space/tasks/$task" });
  const task = useQuery(taskQuery(space, id));
  const deploymentId = deploymentOf(task.data);
  const deployment = useQuery({ ...deploymentQuery(space, deploymentId ?? ""), enabled: deploymentId !== null });
  const crumbs = [{ text: "Tasks", to: `/app/${space}/tasks` }];
  // A deployment that cannot be read, such as one whose environment is hidden, leaves the task itself.
  if (!task.data || (deploymentId !== null && deployment.isPending)) {
    return (
      <Page title={task.data?.Description ?? id} crumbs={crumbs}>
        <Loaded query={task} what="The task">
          {() => null}
        </Loaded>
      </Page>
    );
  }
  if (deployment.data) return <DeploymentView space={space} deployment={deployment.data} task={task.data} />;
  return (
    <Page
      fill
      title={task.data.Description}
      crumbs={crumbs}
      aside={<StateBadge of={conditionOfTask(task.data)} />}
      description={<TaskFacts task={task.data} />}
      actions={
        <>
          <ResumeButton space={space} task={task.data} />
          <CancelButton space={space} task={task.data} />
          <TaskMenu space={space} task={task.data} />
        </>
      }
    >
      <TaskBody
        space={space}
        task={task.data}
        parts={[{ value: "details", word: "Details", content: <TaskDetails space={space} task={task.data} /> }]}
      />
    </Page>
  );
}

function deploymentOf(task: Task | undefined): string | null {
  const named = (task?.Arguments as Record<string, unknown> | undefined)?.DeploymentId;
  return task?.Name === "Deploy" && typeof named === "string" ? named : null;
}

/** What the task was given, and where it ran. */
function TaskDetails({ space, task }: { space: string; task: Task }) {
  const given = Object.entries(task.Arguments as Record<string, unknown>);
  return (
    <Panel title="Details">
      <Facts
        facts={[
          ["Kind", task.Name],
          ["Queued", task.QueueTime && exactTime(task.QueueTime)],
          ["Started", task.StartTime && exactTime(task.StartTime)],
          ["Ended", task.CompletedTime && exactTime(task.CompletedTime)],
          ["Node", task.ServerNode],
          ["Cancelled by", task.CancelledBy],
          [
            "Once more of",
            task.RerunOf && (
              <TextLink key="of" to="/app/$space/tasks/$task" params={{ space, task: task.RerunOf }}>
                {task.RerunOf}
              </TextLink>
            ),
          ],
          ...given.map(([name, value]) => [name, wordOf(value)] as const),
          ["Id", task.Id],
        ]}
      />
    </Panel>
  );
}

function wordOf(value: unknown): string | null {
  if (Array.isArray(value)) return value.join(", ") || null;
  if (value === null || value === undefined || value === "") return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
