import { Badge, Button, Group, Text, Title } from "@mantine/core";
import type { Project } from "@/api/reference";
import { DeploymentCell } from "@/components/deployment-cell";
import { ButtonLink, TextLink } from "@/components/links";
import { columns } from "@/components/matrix";
import classes from "@/components/matrix.module.css";
import { Permitted } from "@/components/permitted";
import { Ago } from "@/components/time";
import { conditionOfTask } from "@/lib/state";
import type { ReleaseProgression } from "./progression";
import type { ChannelProgress } from "./progression-table";

interface TableProps {
  space: string;
  project: Project;
  channel: ChannelProgress;
  /** One channel needs no heading. */
  isOnly: boolean;
}

export function ChannelTable({ space, project, channel, isOnly }: TableProps) {
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

interface RowProps extends Omit<TableProps, "isOnly"> {
  one: ReleaseProgression;
}

function ReleaseRow({ space, project, one, channel }: RowProps) {
  const version = one.Release.Version;
  return (
    <tr>
      <th scope="row">
        <TextLink
          to="/app/$space/projects/$project/releases/$version"
          params={{ space, project: project.Slug, version }}
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
      {channel.environments.map((environment) => (
        <td key={environment.Id} data-environment={environment.Name}>
          <Place space={space} project={project} one={one} environment={environment} />
        </td>
      ))}
    </tr>
  );
}

interface PlaceProps {
  space: string;
  project: Project;
  one: ReleaseProgression;
  environment: { Id: string; Name: string };
}

/** A release in an environment: what became of it there, or the way to deploy it. */
function Place({ space, project, one, environment }: PlaceProps) {
  const items = one.Deployments[environment.Id] ?? [];
  const [item] = items;
  if (item) {
    const tenants = items.filter((each) => each.TenantId !== null);
    return (
      <div>
        <DeploymentCell space={space} item={item} />
        {tenants.length > 0 && <TenantCount space={space} project={project.Slug} items={tenants} />}
      </div>
    );
  }
  if (!one.OpenEnvironments.includes(environment.Id)) return null;
  return <Deploy space={space} project={project} one={one} environment={environment} />;
}

function TenantCount({ space, project, items }: { space: string; project: string; items: Deployed[] }) {
  const succeeded = items.filter((item) => ["success", "warning"].includes(conditionOfTask(item))).length;
  return (
    <TextLink
      to="/app/$space/projects/$project/tenants"
      params={{ space, project }}
      size="xs"
      ml={37}
      className="numbers"
    >
      {succeeded} of {items.length} {items.length === 1 ? "tenant" : "tenants"}
    </TextLink>
  );
}

type Deployed = ReleaseProgression["Deployments"][string][number];

function Deploy({ space, project, one, environment }: PlaceProps) {
  const version = one.Release.Version;
  const isNext = one.NextDeployments.includes(environment.Id);
  const look = { variant: isNext ? "light" : "subtle", size: "compact-sm", ml: 8 } as const;
  const label = `Deploy ${version} to ${environment.Name}`;
  const place = { space, project: project.Id, projectGroup: project.ProjectGroupId, environment: environment.Id };
  return (
    <Permitted
      need={{ permission: "DeploymentCreate", ...place }}
      barred={project.IsDisabled ? "This project is disabled: nothing is deployed." : null}
    >
      {(may) =>
        may ? (
          <ButtonLink
            {...look}
            to="/app/$space/projects/$project/releases/$version/deploy"
            params={{ space, project: project.Slug, version }}
            search={{ environment: environment.Id }}
            aria-label={label}
          >
            Deploy
          </ButtonLink>
        ) : (
          <Button {...look} disabled aria-label={label}>
            Deploy
          </Button>
        )
      }
    </Permitted>
  );
}
