import { Anchor, Group, Text } from "@mantine/core";
import { IconAlertTriangle, IconHandStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { TextLink } from "@/components/links";
import { Notice } from "@/components/notice";
import { Ago } from "@/components/time";
import { useNow } from "@/lib/now";
import { askingTasksQuery, failedTasksQuery, MOST_FAILURES } from "./api";
import classes from "./dashboard.module.css";

const DAY = 24 * 3600 * 1000;

/** How many lines are shown before one asks for more. */
const FEW = 3;

/** What somebody should look at now: tasks that wait for a person, and what failed in the last day. */
export function Attention({ space }: { space: string }) {
  const now = useNow();
  const asking = useQuery(askingTasksQuery(space)).data ?? [];
  const failed = (useQuery(failedTasksQuery(space)).data ?? []).filter(
    (task) => task.CompletedTime && now - Date.parse(task.CompletedTime) < DAY,
  );
  if (asking.length === 0 && failed.length === 0) return null;
  const count = failed.length < MOST_FAILURES ? failed.length : `${failed.length} or more`;
  return (
    <div className={classes.attention}>
      {asking.length > 0 && (
        <Notice
          tone="waiting"
          icon={IconHandStop}
          title={asking.length === 1 ? "One task waits for a person" : `${asking.length} tasks wait for a person`}
        >
          <Lines space={space} tasks={asking} />
        </Notice>
      )}
      {failed.length > 0 && (
        <Notice
          tone="failed"
          icon={IconAlertTriangle}
          title={failed.length === 1 ? "One task failed in the last day" : `${count} tasks failed in the last day`}
        >
          <Lines space={space} tasks={failed} />
        </Notice>
      )}
    </div>
  );
}

interface Line {
  Id: string;
  Description: string;
  CompletedTime?: string | null;
}

function Lines({ space, tasks }: { space: string; tasks: Line[] }) {
  const [isOpen, setOpen] = useState(false);
  const shown = isOpen ? tasks : tasks.slice(0, FEW);
  return (
    <>
      {shown.map((task) => (
        <Group key={task.Id} gap={8} wrap="nowrap" align="baseline">
          <TextLink
            to="/app/$space/tasks/$task"
            params={{ space, task: task.Id }}
            size="sm"
            c="inherit"
            underline="always"
          >
            {task.Description}
          </TextLink>
          {task.CompletedTime && (
            <Text size="xs" c="dimmed" className={classes.when}>
              <Ago at={task.CompletedTime} />
            </Text>
          )}
        </Group>
      ))}
      {tasks.length > FEW && (
        <Anchor component="button" type="button" size="sm" mt={2} onClick={() => setOpen(!isOpen)}>
          {isOpen ? "Show fewer" : `Show ${tasks.length - FEW} more`}
        </Anchor>
      )}
    </>
  );
}
