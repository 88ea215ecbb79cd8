import { ActionIcon, Menu, Select, Text, Textarea } from "@mantine/core";
import { IconArrowBarToUp, IconDotsVertical, IconEdit, IconRefresh } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { FormModal } from "@/components/form";
import { ActionItem } from "@/components/permitted";
import { notifyError } from "@/lib/notify";
import { useForm } from "@/lib/use-form";
import type { Task } from "./api";
import { usePrioritize, useRerun, useSetState } from "./queries";

interface Props {
  space: string;
  task: Task;
}

/** What is done with a task now and then: once more, first in the queue, another outcome. */
export function TaskMenu({ space, task }: Props) {
  const [dialog, setDialog] = useState<"rerun" | "state" | null>(null);
  const prioritizing = usePrioritize(space, task.Id);
  const isWaiting = task.State === "Queued" && !task.StartTime;
  if (!task.CanRerun && !isWaiting && !task.IsCompleted) return null;
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="default" size={36} aria-label="More about this task">
            <IconDotsVertical size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {task.CanRerun && (
            <ActionItem
              need={{ permission: "TaskCreate", space }}
              leftSection={<IconRefresh size={15} />}
              onClick={() => setDialog("rerun")}
            >
              Do it once more
            </ActionItem>
          )}
          {isWaiting && (
            <ActionItem
              need={{ permission: "TaskPrioritize", space }}
              barred={task.IsPrioritized ? "It goes ahead of others already." : null}
              leftSection={<IconArrowBarToUp size={15} />}
              onClick={() =>
                prioritizing.mutate(undefined, { onError: (error) => notifyError("It was not moved up", error) })
              }
            >
              Move to the top of the queue
            </ActionItem>
          )}
          {task.IsCompleted && (
            <ActionItem
              need={{ permission: "TaskEdit", space }}
              leftSection={<IconEdit size={15} />}
              onClick={() => setDialog("state")}
            >
              Change its state
            </ActionItem>
          )}
        </Menu.Dropdown>
      </Menu>
      {dialog === "rerun" && <Rerun space={space} task={task} onClose={() => setDialog(null)} />}
      {dialog === "state" && <SetState space={space} task={task} onClose={() => setDialog(null)} />}
    </>
  );
}

interface DialogProps extends Props {
  onClose: () => void;
}

function Rerun({ space, task, onClose }: DialogProps) {
  const running = useRerun(space, task.Id);
  const navigate = useNavigate();
  return (
    <Confirm
      opened
      title="Do it once more?"
      action="Do it once more"
      pending={running.isPending}
      onClose={onClose}
      onConfirm={() =>
        running.mutate(undefined, {
          onSuccess: (made) => {
            onClose();
            void navigate({ to: "/app/$space/tasks/$task", params: { space, task: made.Id } });
          },
          onError: (error) => {
            onClose();
            notifyError("It was not done once more", error);
          },
        })
      }
    >
      A new task does the same with the same choices, from its first step on.
    </Confirm>
  );
}

const STATES = [
  { value: "Success", label: "Succeeded" },
  { value: "Failed", label: "Failed" },
  { value: "Canceled", label: "Cancelled" },
];

/** Says how a task that has ended is to count; a lifecycle goes by it. */
function SetState({ space, task, onClose }: DialogProps) {
  const setting = useSetState(space, task.Id);
  const form = useForm({ State: task.State === "Success" ? "Failed" : "Success", Reason: "" }, setting.error);
  return (
    <FormModal
      title="Change the state of this task"
      action="Change the state"
      form={form}
      pending={setting.isPending}
      onSubmit={() =>
        setting.mutate(
          { State: form.value.State as "Success" | "Failed", Reason: form.value.Reason },
          { onSuccess: onClose },
        )
      }
      onClose={onClose}
    >
      <Text size="sm">
        It counts so from now on: a lifecycle lets a release on after a success, and not after a failure. Nothing is
        done or undone.
      </Text>
      <Select
        label="It counts as"
        allowDeselect={false}
        data={STATES}
        value={form.value.State}
        error={form.fault("State")}
        onChange={(next) => next && form.set({ State: next })}
      />
      <Textarea
        label="Reason"
        autosize
        minRows={2}
        required
        withAsterisk={false}
        data-autofocus
        {...form.field("Reason")}
      />
    </FormModal>
  );
}
