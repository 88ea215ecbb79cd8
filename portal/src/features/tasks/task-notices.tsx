import { Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconHourglass } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { TextLink } from "@/components/links";
import { Notice } from "@/components/notice";
import { Ago } from "@/components/time";
import { conditionOfTask } from "@/lib/state";
import type { Task } from "./api";
import { AnsweredInterruption, InterruptionPanel } from "./interruption-panel";
import { interruptionsQuery } from "./interruptions";
import { waitingQuery } from "./queries";
import classes from "./task.module.css";

/** What the reader must know before the log: why it failed, what it asks, what it waits for. */
export function TaskNotices({ space, task }: { space: string; task: Task }) {
  const interruptions = useQuery(interruptionsQuery(space, task));
  const asked = interruptions.data ?? [];
  return (
    <Stack gap="sm" className={classes.notices}>
      {conditionOfTask(task) === "failed" && <Outcome task={task} />}
      {asked.map((one) =>
        one.IsPending ? (
          <InterruptionPanel key={one.Id} space={space} asked={one} />
        ) : (
          <AnsweredInterruption key={one.Id} asked={one} />
        ),
      )}
      <WhyWaiting space={space} task={task} />
    </Stack>
  );
}

function Outcome({ task }: { task: Task }) {
  return (
    <Notice alert tone="failed" icon={IconAlertTriangle} title="The task failed">
      <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {task.ErrorMessage || "It ended without saying why; the last lines of the log may tell."}
      </Text>
    </Notice>
  );
}

function WhyWaiting({ space, task }: { space: string; task: Task }) {
  const { data } = useQuery(waitingQuery(space, task));
  // A question is shown with its form; to say that a person is waited for would say it twice.
  const reasons = (data?.Reasons ?? []).filter((reason) => reason.Kind !== "person");
  if (task.IsCompleted || reasons.length === 0) return null;
  return (
    <Notice tone="idle" icon={IconHourglass} title="Why it is waiting">
      {reasons.map((reason) => (
        <Text key={reason.Kind + reason.Text} size="sm">
          {reason.Text}{" "}
          <Text span c="dimmed">
            (since <Ago at={reason.Since} />)
          </Text>{" "}
          {reason.TaskIds.map((id) => (
            <TextLink key={id} to="/app/$space/tasks/$task" params={{ space, task: id }} size="sm" mr={6}>
              {id}
            </TextLink>
          ))}
        </Text>
      ))}
    </Notice>
  );
}
