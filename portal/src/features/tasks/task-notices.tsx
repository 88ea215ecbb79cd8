import { Anchor, Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconHourglass, IconSparkles } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { TextLink } from "@/components/links";
import { Notice } from "@/components/notice";
import { Elapsed } from "@/components/time";
import { conditionOfTask } from "@/lib/state";
import type { Task } from "./api";
import { AnsweredInterruption, InterruptionPanel } from "./interruption-panel";
import { interruptionsQuery } from "./interruptions";
import { Marked } from "./log/log-row";
import { withoutControls } from "./log/search";
import { highlightsQuery, waitingQuery } from "./queries";
import classes from "./task.module.css";

interface Props {
  space: string;
  task: Task;
  /** Shows the last error in the log. */
  onFault: () => void;
}

/** What the reader must know before the log: why it failed, what it asks, what it waits for, what it highlights. */
export function TaskNotices({ space, task, onFault }: Props) {
  const interruptions = useQuery(interruptionsQuery(space, task));
  const asked = interruptions.data ?? [];
  return (
    <Stack gap="sm" className={classes.notices}>
      {conditionOfTask(task) === "failed" && <Outcome task={task} onFault={onFault} />}
      {asked.map((one) =>
        one.IsPending ? (
          <InterruptionPanel key={one.Id} space={space} asked={one} />
        ) : (
          <AnsweredInterruption key={one.Id} asked={one} />
        ),
      )}
      <WhyWaiting
        space={space}
        task={task}
        isQuestionShown={interruptions.isPending || asked.some((one) => one.IsPending)}
      />
      <Highlights space={space} task={task} />
    </Stack>
  );
}

function Outcome({ task, onFault }: { task: Task; onFault: () => void }) {
  return (
    <Notice alert tone="failed" icon={IconAlertTriangle} title="The task failed">
      <Text size="sm" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
        {task.ErrorMessage || "It ended without saying why; the last lines of the log may tell."}{" "}
        <Anchor component="button" type="button" size="sm" underline="always" onClick={onFault}>
          Show it in the log
        </Anchor>
      </Text>
    </Notice>
  );
}

interface WaitingProps {
  space: string;
  task: Task;
  isQuestionShown: boolean;
}

function WhyWaiting({ space, task, isQuestionShown }: WaitingProps) {
  const { data } = useQuery(waitingQuery(space, task));
  // A question is shown with its form to who may see it, and a time with the way to another one; nothing is said twice.
  const said = isQuestionShown ? ["person", "schedule"] : ["schedule"];
  const reasons = (data?.Reasons ?? []).filter((reason) => !said.includes(reason.Kind));
  if (task.IsCompleted || reasons.length === 0) return null;
  return (
    <Notice tone="idle" icon={IconHourglass} title="Why it is waiting">
      {reasons.map((reason) => (
        <Text key={reason.Kind + reason.Text} size="sm">
          {reason.Text}{" "}
          <Text span c="dimmed">
            (for <Elapsed from={reason.Since} to={null} />)
          </Text>{" "}
          {reason.TaskIds.map((id) => (
            <TextLink key={id} to="/app/$space/tasks/$task" params={{ space, task: id }} size="sm" mr={6}>
              Go to {id}
            </TextLink>
          ))}
        </Text>
      ))}
    </Notice>
  );
}

const MOST = 6;

/** The lines that the scripts have marked as worth reading. */
function Highlights({ space, task }: { space: string; task: Task }) {
  const lines = useQuery(highlightsQuery(space, task)).data?.lines ?? [];
  // Several targets often say the same.
  const data = [...new Map(lines.map((line) => [line.Text, line])).values()];
  const [isWhole, setWhole] = useState(false);
  if (data.length === 0) return null;
  const shown = isWhole ? data : data.slice(0, MOST);
  return (
    <Notice tone="idle" icon={IconSparkles} title="Highlights">
      {shown.map((line) => (
        <Text key={line.Number} size="sm" className={classes.highlight}>
          <Marked text={withoutControls(line.Text)} sought="" />
        </Text>
      ))}
      {data.length > shown.length && (
        <Anchor component="button" type="button" size="sm" onClick={() => setWhole(true)}>
          {data.length - shown.length} more
        </Anchor>
      )}
    </Notice>
  );
}
