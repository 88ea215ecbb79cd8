import { Badge, Group, Stack, Text, Title } from "@mantine/core";
import { IconTag } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { DeploymentCell } from "@/components/deployment-cell";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink, TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { columns } from "@/components/matrix";
import classes from "@/components/matrix.module.css";
import { Panel } from "@/components/page";
import { Ago } from "@/components/time";
import { progressionQuery, type ReleaseProgression } from "./progression";
import { type ChannelProgress, channelsOf } from "./progression-table";
import { useProject } from "./project-frame";

/** Releases against environments, channel by channel, with the next step of each release at hand. */
export function OverviewTab() {
  const { space, project } = useProject();
  const progression = useQuery(progressionQuery(space, project.Id));
  return (
    <Loaded query={progression} what="The progression" rows={8}>
      {(data) =>
        data.Releases.length === 0 ? (
          <Panel>
            <EmptyState
              icon={IconTag}
              title="No release yet"
              action={
                <ButtonLink to="/app/$space/projects/$project/new-release" params={{ space, project: project.Slug }}>
                  Create a release
                </ButtonLink>
              }
            >
              When the process is written and its packages are pushed, create the first release and deploy it.
            </EmptyState>
          </Panel>
        ) : (
          <Stack gap="lg">
            {channelsOf(data).map((channel, _index, all) => (
              <ChannelTable
                key={channel.id}
                space={space}
                project={project.Slug}
                channel={channel}
                isOnly={all.length === 1}
              />
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}

interface TableProps {
  space: string;
  project: string;
  channel: ChannelProgress;
  /** One channel needs no heading. */
  isOnly: boolean;
}

function ChannelTable({ space, project, channel, isOnly }: TableProps) {
  return (
    <section aria-label={channel.name}>
      {!isOnly && (
        <Group gap="xs" mb={8}>
          <Title order={2}>{channel.name}</Title>
          {channel.isDefault && <Badge>Default channel</Badge>}
        </Group>
      )}
      <div className={classes.box}>
        <table className={classes.matrix} style={columns(channel.environments.length)}>
          <thead>
            <tr>
              <th scope="col">Release</th>
              {channel.environments.map((environment) => (
                <th key={environment.Id} scope="col">
                  {environment.Name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {channel.releases.map((one) => (
              <ReleaseRow key={one.Release.Id} space={space} project={project} one={one} channel={channel} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

interface RowProps {
  space: string;
  project: string;
  one: ReleaseProgression;
  channel: ChannelProgress;
}

function ReleaseRow({ space, project, one, channel }: RowProps) {
  const version = one.Release.Version;
  return (
    <tr>
      <th scope="row">
        <TextLink
          to="/app/$space/projects/$project/releases/$version"
          params={{ space, project, version }}
          c="inherit"
          fw={600}
        >
          {version}
        </TextLink>
        <Text size="xs" c="dimmed">
          {one.Release.Assembled && <Ago at={one.Release.Assembled} />}
        </Text>
        {one.HasUnresolvedDefect && <Badge color="red">Blocked</Badge>}
      </th>
      {channel.environments.map((environment) => {
        const item = one.Deployments[environment.Id]?.[0];
        const isOpen = one.OpenEnvironments.includes(environment.Id);
        const isNext = one.NextDeployments.includes(environment.Id);
        return (
          <td key={environment.Id} data-environment={environment.Name}>
            {item && <DeploymentCell space={space} item={item} />}
            {!item && isOpen && (
              <ButtonLink
                to="/app/$space/projects/$project/releases/$version/deploy"
                params={{ space, project, version }}
                search={{ environment: environment.Id }}
                variant={isNext ? "light" : "subtle"}
                size="compact-sm"
                ml={8}
                aria-label={`Deploy ${version} to ${environment.Name}`}
              >
                Deploy
              </ButtonLink>
            )}
          </td>
        );
      })}
    </tr>
  );
}
