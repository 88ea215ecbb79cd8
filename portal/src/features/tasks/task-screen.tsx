import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { StateBadge } from "@/components/state";
import { conditionOfTask, isActive } from "@/lib/state";
import type { Task } from "./api";
import { DeploymentView, deploymentQuery } from "./deployment-screen";
import { LogView } from "./log/log-view";
import { taskQuery, useRenewTask } from "./queries";
import { CancelButton, ResumeButton, TaskFacts } from "./task-header";
import { TaskNotices } from "./task-notices";

/** Any task by its id: what it is, how it stands, its log. A deployment's is shown as the deployment. */
export function TaskScreen() {
  const { space, task: id } = useParams({ from: "/shell/app/$space/tasks/$task" });
  const task = useQuery(taskQuery(space, id));
  const deploymentId = deploymentOf(task.data);
  const deployment = useQuery({ ...deploymentQuery(space, deploymentId ?? ""), enabled: deploymentId !== null });
  const renew = useRenewTask(id);
  const crumbs = [{ text: "Tasks", to: `/app/${space}/tasks` }];
  if (!task.data) {
    return (
      <Page title={id} crumbs={crumbs}>
        <Loaded query={task} what="The task">
          {() => null}
        </Loaded>
      </Page>
    );
  }
  if (deployment.data) return <DeploymentView space={space} deployment={deployment.data} task={task.data} />;
  const condition = conditionOfTask(task.data);
  return (
    <Page
      fill
      title={task.data.Description}
      crumbs={crumbs}
      aside={<StateBadge of={condition} />}
      description={<TaskFacts task={task.data} />}
      actions={
        <>
          <ResumeButton space={space} task={task.data} />
          <CancelButton space={space} task={task.data} />
        </>
      }
    >
      <TaskNotices space={space} task={task.data} />
      <LogView space={space} taskId={id} isLive={isActive(condition)} onChange={renew} />
    </Page>
  );
}

function deploymentOf(task: Task | undefined): string | null {
  const named = (task?.Arguments as Record<string, unknown> | undefined)?.DeploymentId;
  return task?.Name === "Deploy" && typeof named === "string" ? named : null;
}
