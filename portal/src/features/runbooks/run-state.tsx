import { Group, Text } from "@mantine/core";
import { useEnvironmentNames } from "@/api/reference";
import { TextLink } from "@/components/links";
import { StateIcon } from "@/components/state";
import { Ago } from "@/components/time";
import { conditionOfTask, WORDS } from "@/lib/state";
import type { Run } from "./runs-api";

interface Props {
  space: string;
  run: Run;
  /** Also says in which environment. */
  withPlace?: boolean;
}

/** How a run stands and when it was, as a link to its task. */
export function RunState({ space, run, withPlace }: Props) {
  const nameOf = useEnvironmentNames(space);
  const condition = conditionOfTask(run);
  const at = run.CompletedTime ?? run.StartTime ?? run.QueueTime ?? run.Created;
  return (
    <Group gap={6} wrap="nowrap">
      <StateIcon of={condition} />
      <div style={{ minWidth: 0 }}>
        <TextLink to="/app/$space/tasks/$task" params={{ space, task: run.TaskId }} size="sm">
          {WORDS[condition]}
        </TextLink>
        <Text size="xs" c="dimmed">
          {withPlace && `${nameOf(run.EnvironmentId)} · `}
          {at && <Ago at={at} />}
        </Text>
      </div>
    </Group>
  );
}
