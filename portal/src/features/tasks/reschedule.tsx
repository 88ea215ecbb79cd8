import { Group, Text } from "@mantine/core";
import { IconCalendarTime } from "@tabler/icons-react";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { DateTimeField } from "@/components/date-time";
import { FormModal } from "@/components/form";
import { Notice } from "@/components/notice";
import { ActionButton } from "@/components/permitted";
import { Ago } from "@/components/time";
import { notifyError } from "@/lib/notify";
import { isScheduled } from "@/lib/state";
import { exactTime } from "@/lib/time";
import { useForm } from "@/lib/use-form";
import type { Task } from "./api";
import { useReschedule } from "./queries";
import classes from "./task.module.css";

interface Props {
  space: string;
  deployment: Shape<"Deployment">;
  task: Task;
}

/** When a deployment for later is to begin, and the way to another time; nothing for one that is not. */
export function Schedule({ space, deployment, task }: Props) {
  const [isMoving, setMoving] = useState(false);
  const moving = useReschedule(space, deployment.Id, task.Id);
  if (!isScheduled(task) || !task.QueueTime) return null;
  const need = {
    permission: "DeploymentCreate",
    space,
    project: deployment.ProjectId,
    environment: deployment.EnvironmentId,
  };
  const now = () =>
    moving.mutate(
      { QueueTime: null, QueueTimeExpiry: null },
      { onError: (error) => notifyError("It does not begin now", error) },
    );
  return (
    <div className={classes.notices}>
      <Notice tone="idle" icon={IconCalendarTime} title={`Scheduled for ${exactTime(task.QueueTime)}`}>
        <Text size="sm">
          It begins <Ago at={task.QueueTime} />
          {task.QueueTimeExpiry && `, and not after ${exactTime(task.QueueTimeExpiry)}`}.
        </Text>
        <Group gap="xs" mt="xs">
          <ActionButton size="compact-sm" variant="default" need={need} onClick={() => setMoving(true)}>
            Change the time
          </ActionButton>
          <ActionButton size="compact-sm" variant="default" need={need} loading={moving.isPending} onClick={now}>
            Begin now
          </ActionButton>
        </Group>
        {isMoving && <OtherTime space={space} deployment={deployment} task={task} onClose={() => setMoving(false)} />}
      </Notice>
    </div>
  );
}

function OtherTime({ space, deployment, task, onClose }: Props & { onClose: () => void }) {
  const moving = useReschedule(space, deployment.Id, task.Id);
  const first: { QueueTime: string | null; QueueTimeExpiry: string | null } = {
    QueueTime: task.QueueTime,
    QueueTimeExpiry: isUsualExpiry(task) ? null : task.QueueTimeExpiry,
  };
  const form = useForm(first, moving.error);
  return (
    <FormModal
      title="When it is to begin"
      action="Change the time"
      form={form}
      pending={moving.isPending}
      onSubmit={() => moving.mutate(form.value, { onSuccess: onClose })}
      onClose={onClose}
    >
      <DateTimeField label="Begin at" required clearable={false} earliest={new Date()} {...form.pick("QueueTime")} />
      <DateTimeField
        label="Not begin after"
        description="What has not begun by then is not done. Without it, a day later."
        {...form.pick("QueueTimeExpiry")}
      />
    </FormModal>
  );
}

const DAY = 86_400_000;

/** Whether a task may begin for a day, as where nobody has chosen until when: another time has another such day. */
export function isUsualExpiry({ QueueTime, QueueTimeExpiry }: Pick<Task, "QueueTime" | "QueueTimeExpiry">): boolean {
  if (!QueueTime || !QueueTimeExpiry) return true;
  return Math.abs(Date.parse(QueueTimeExpiry) - Date.parse(QueueTime) - DAY) < 60_000;
}
