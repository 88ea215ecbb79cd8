import { Button, Group } from "@mantine/core";
import { IconPlayerStop } from "@tabler/icons-react";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { Ago, Elapsed } from "@/components/time";
import { notifyError } from "@/lib/notify";
import type { Task } from "./api";
import { useCancel } from "./queries";
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
            Queued <Ago at={task.QueueTime} />
          </span>
        )
      )}
      {task.StartTime && (
        <span>
          <Elapsed from={task.StartTime} to={task.CompletedTime} />
        </span>
      )}
      {task.CancelledBy && <span>cancelled by {task.CancelledBy}</span>}
      <span>{task.Id}</span>
    </Group>
  );
}

export function CancelButton({ space, task }: { space: string; task: Task }) {
  const [asking, setAsking] = useState(false);
  const cancelling = useCancel(space, task.Id);
  if (task.IsCompleted) return null;
  const isCancelling = task.State === "Cancelling" || cancelling.isPending;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconPlayerStop size={16} />}
        disabled={isCancelling}
        onClick={() => setAsking(true)}
      >
        {isCancelling ? "Cancelling…" : "Cancel"}
      </Button>
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
          : "Scripts that run are stopped. What has been done so far stays done; steps that run whatever happens still run."}
      </Confirm>
    </>
  );
}
