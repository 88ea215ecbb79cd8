import { Text } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { conditionOfTask, WORDS } from "@/lib/state";
import classes from "./deployment-cell.module.css";
import { StateIcon } from "./state";
import { Ago } from "./time";

interface Props {
  space: string;
  item: Shape<"DashboardItem">;
  /** Shows the release's version; left out where the row already is the release. */
  version?: boolean;
}

/** One deployment in a matrix: how it stands, what and when, leading to its log. */
export function DeploymentCell({ space, item, version }: Props) {
  const condition = conditionOfTask(item);
  const at = item.CompletedTime ?? item.StartTime ?? item.QueueTime ?? item.Created;
  return (
    <Link
      to="/app/$space/deployments/$deployment"
      params={{ space, deployment: item.DeploymentId }}
      className={classes.cell}
      data-state={condition}
      title={item.ErrorMessage ?? undefined}
    >
      <StateIcon of={condition} size={18} label />
      <span className={classes.words}>
        <span className={classes.first}>{version ? item.ReleaseVersion : WORDS[condition]}</span>
        <Text component="span" size="xs" c="dimmed">
          {version && !item.IsCompleted && condition !== "scheduled" ? WORDS[condition] : at && <Ago at={at} />}
        </Text>
      </span>
    </Link>
  );
}
