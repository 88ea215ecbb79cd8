import { Anchor, List, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import type { Channel, Project } from "@/api/reference";
import { useNames } from "@/api/things";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { channelsOfQuery, projectsOfQuery } from "./api";

const FIRST = 8;

/** The projects and channels that follow the lifecycle. */
export function UsersPanel({ space, lifecycle }: { space: string; lifecycle: string }) {
  const projects = useQuery(projectsOfQuery(space, lifecycle));
  const channels = useQuery(channelsOfQuery(space, lifecycle));
  return (
    <Panel title="Used by">
      <Stack gap="sm">
        <Loaded query={projects} what="The projects">
          {(list) => <Projects space={space} projects={list} />}
        </Loaded>
        <Loaded query={channels} what="The channels" rows={1}>
          {(list) => <Channels space={space} channels={list} />}
        </Loaded>
      </Stack>
    </Panel>
  );
}

function Projects({ space, projects }: { space: string; projects: Project[] }) {
  if (projects.length === 0) return <Text size="sm">No project.</Text>;
  return (
    <Some count={projects.length} what={projects.length === 1 ? "1 project" : `${projects.length} projects`}>
      {(shown) =>
        projects.slice(0, shown).map((one) => (
          <List.Item key={one.Id}>
            <TextLink to="/app/$space/projects/$project" params={{ space, project: one.Slug }}>
              {one.Name}
            </TextLink>
          </List.Item>
        ))
      }
    </Some>
  );
}

function Channels({ space, channels }: { space: string; channels: Channel[] }) {
  const nameOf = useNames("projects", space, [...new Set(channels.map((one) => one.ProjectId))]);
  if (channels.length === 0) return null;
  return (
    <Some count={channels.length} what={channels.length === 1 ? "1 channel" : `${channels.length} channels`}>
      {(shown) =>
        channels.slice(0, shown).map((one) => (
          <List.Item key={one.Id}>
            <TextLink to="/app/$space/projects/$project/channels" params={{ space, project: one.ProjectId }}>
              {one.Name}
            </TextLink>{" "}
            of {nameOf(one.ProjectId)}
          </List.Item>
        ))
      }
    </Some>
  );
}

function Some({ count, what, children }: { count: number; what: string; children: (shown: number) => ReactNode }) {
  const [shown, setShown] = useState(FIRST);
  return (
    <div>
      <Text size="sm" c="dimmed" mb={4}>
        {what}
      </Text>
      <List size="sm" listStyleType="none">
        {children(shown)}
      </List>
      {count > shown && (
        <Anchor component="button" type="button" size="sm" onClick={() => setShown(shown + 100)}>
          Show {Math.min(100, count - shown)} more
        </Anchor>
      )}
    </div>
  );
}
