import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { type Feed, type FeedUsage, feedUsageQuery } from "./api";

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
  return (
    <Stack gap={6}>
      {found.DeploymentProcesses.map((one) => (
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
      {found.RunbookProcesses.map((one) => (
        <Text key={one.RunbookId} size="sm" component="div">
          <TextLink
            to="/app/$space/projects/$project"
            params={{ space, project: one.ProjectSlug }}
            size="sm"
            underline="always"
          >
            {one.ProjectName}
          </TextLink>
          , runbook {one.RunbookName}: {one.Steps.map((step) => step.StepName).join(", ")}
        </Text>
      ))}
      {found.Targets.map((one) => (
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
    </Stack>
  );
}
