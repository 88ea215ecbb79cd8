import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { type Feed, type FeedUsage, feedUsageQuery } from "./api";

/** Of each kind: the built-in feed may be in every project. */
const MOST = 20;

/** The steps and targets that take something from the feed. */
export function FeedUsers({ space, feed }: { space: string; feed: Feed }) {
  const usage = useQuery(feedUsageQuery(space, feed.Id));
  return (
    <Panel title="Used by">
      <Loaded query={usage} what="What uses it" rows={2}>
        {(found) => <Users space={space} found={found} />}
      </Loaded>
    </Panel>
  );
}

function Users({ space, found }: { space: string; found: FeedUsage }) {
  const count = found.DeploymentProcesses.length + found.RunbookProcesses.length + found.Targets.length;
  if (count === 0) {
    return (
      <Text size="sm" c="dimmed">
        No step and no target of today.
      </Text>
    );
  }
  const lists = [found.DeploymentProcesses, found.RunbookProcesses, found.Targets];
  const left = lists.reduce((sum, list) => sum + Math.max(0, list.length - MOST), 0);
  return (
    <Stack gap={6}>
      {found.DeploymentProcesses.slice(0, MOST).map((one) => (
        <Text key={one.ProjectId} size="sm" component="div">
          <TextLink
            to="/app/$space/projects/$project/process"
            params={{ space, project: one.ProjectSlug }}
            size="sm"
            underline="always"
          >
            {one.ProjectName}
          </TextLink>
          : {one.Steps.map((step) => step.StepName).join(", ")}
        </Text>
      ))}
      {found.RunbookProcesses.slice(0, MOST).map((one) => (
        <Text key={one.RunbookId} size="sm" component="div">
          {one.ProjectName}, runbook{" "}
          <TextLink
            to="/app/$space/projects/$project/runbooks/$runbook/process"
            params={{ space, project: one.ProjectSlug, runbook: one.RunbookId }}
            size="sm"
            underline="always"
          >
            {one.RunbookName}
          </TextLink>
          : {one.Steps.map((step) => step.StepName).join(", ")}
        </Text>
      ))}
      {found.Targets.slice(0, MOST).map((one) => (
        <Text key={one.Id} size="sm" component="div">
          Target{" "}
          <TextLink
            to="/app/$space/infrastructure/targets/$target"
            params={{ space, target: one.Id }}
            size="sm"
            underline="always"
          >
            {one.Name}
          </TextLink>
        </Text>
      ))}
      {left > 0 && (
        <Text size="sm" c="dimmed" className="numbers">
          And {left.toLocaleString("en-US")} more.
        </Text>
      )}
    </Stack>
  );
}
