import { Group } from "@mantine/core";
import { IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { ActionButton, type Need } from "@/components/permitted";
import { Ago, Elapsed } from "@/components/time";
import { notifyError } from "@/lib/notify";
import { isScheduled } from "@/lib/state";
import type { Task } from "./api";
import { useCancel, useResume } from "./queries";
import classes from "./task.module.css";

/** When it began, how long it has taken, on which node: in one quiet line. */
export function TaskFacts({ task, who }: { task: Task; who?: string | null }) {
  return (
    <Group gap={6} component="span" className={classes.facts}>
      {task.StartTime ? (
        <span>
          Started <Ago at={task.StartTime} />
          {who && ` by ${who}`}
        </span>
      ) : (
        task.QueueTime && (
          <span>
            {isScheduled(task) ? "Begins" : "Queued"} <Ago at={task.QueueTime} />
          </span>
        )
      )}
      {task.StartTime && (
        <span>
          <Elapsed from={task.StartTime} to={task.CompletedTime} />
        </span>
      )}
      {task.CancelledBy && <span>cancelled by {task.CancelledBy}</span>}
      {task.ResumedFrom && <span>goes on where {task.ResumedFrom} stood</span>}
      <span>{task.Id}</span>
    </Group>
  );
}

/** A permission where the task works. */
export function needOf(permission: string, space: string, task: Task): Need {
  const { ProjectId: project, EnvironmentId: environment, TenantId: tenant } = task;
  return {
    permission,
    space,
    ...(project && { project }),
    ...(environment && { environment }),
    ...(tenant && { tenant }),
  };
}

export function CancelButton({ space, task }: { space: string; task: Task }) {
  const [asking, setAsking] = useState(false);
  const cancelling = useCancel(space, task.Id);
  if (task.IsCompleted) return null;
  const isCancelling = task.State === "Cancelling" || cancelling.isPending;
  return (
    <>
      <ActionButton
        variant="default"
        leftSection={<IconPlayerStop size={16} />}
        need={needOf("TaskCancel", space, task)}
        barred={isCancelling ? "It is being cancelled." : null}
        onClick={() => setAsking(true)}
      >
        {isCancelling ? "Cancelling…" : "Cancel"}
      </ActionButton>
      <Confirm
        opened={asking}
        title="Cancel this task?"
        action="Cancel the task"
        danger
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          cancelling.mutate(undefined, { onError: (error) => notifyError("The task was not cancelled", error) });
        }}
      >
        {task.State === "Queued"
          ? "It has not begun, so nothing has been changed."
          : "Scripts that run are stopped, and no further step begins. What has been done so far stays done."}
      </Confirm>
    </>
  );
}

/** Goes on from the step that failed, in a new task whose screen is shown then. */
export function ResumeButton({ space, task }: { space: string; task: Task }) {
  const [asking, setAsking] = useState(false);
  const resuming = useResume(space, task.Id);
  const navigate = useNavigate();
  if (!task.CanResume) return null;
  return (
    <>
      <ActionButton
        leftSection={<IconPlayerPlay size={16} />}
        need={needOf("TaskCreate", space, task)}
        loading={resuming.isPending}
        onClick={() => setAsking(true)}
      >
        Resume
      </ActionButton>
      <Confirm
        opened={asking}
        title="Go on from the step that failed?"
        action="Resume"
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false);
          resuming.mutate(undefined, {
            onSuccess: (made) => navigate({ to: "/app/$space/tasks/$task", params: { space, task: made.Id } }),
            onError: (error) => notifyError("The task was not resumed", error),
          });
        }}
      >
        What succeeded before the failure is not done again. The rest runs with the same process, packages and
        variables.
      </Confirm>
    </>
  );
}
