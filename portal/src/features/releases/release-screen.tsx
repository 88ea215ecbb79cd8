import { Badge, Grid, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { channelsQuery, environmentsQuery, projectQuery } from "@/api/reference";
import { Facts } from "@/components/facts";
import { ButtonLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Prose } from "@/components/markdown";
import { Page, Panel } from "@/components/page";
import { Ago } from "@/components/time";
import { lifecycleProgressionQuery, type Release, releaseQuery } from "./api";
import { Phases } from "./phases";

/** A release: how far it has come, what is in it, and its next step. */
export function ReleaseScreen() {
  const params = useParams({ from: "/shell/app/$space/projects/$project/releases/$version" });
  const { space, project: named, version } = params;
  const project = useQuery(projectQuery(space, named));
  const release = useQuery(releaseQuery(space, named, version));
  const channels = useQuery({ ...channelsQuery(space, project.data?.Id ?? ""), enabled: project.isSuccess });
  const channel = channels.data?.find((one) => one.Id === release.data?.ChannelId);
  return (
    <Page
      title={`Release ${version}`}
      crumbs={[
        { text: "Projects", to: `/app/${space}/projects` },
        { text: project.data?.Name ?? named, to: `/app/${space}/projects/${named}` },
      ]}
      aside={channel && <Badge color="gray">{channel.Name}</Badge>}
      description={
        release.data?.Assembled && (
          <>
            Created <Ago at={release.data.Assembled} />
          </>
        )
      }
      actions={release.data && <DeployButtons space={space} project={named} release={release.data} />}
    >
      <Loaded query={release} what="The release" rows={8}>
        {(data) => (
          <Grid gap="md">
            <Grid.Col span={{ base: 12, md: 7 }}>
              <LifecyclePanel space={space} project={named} release={data} />
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Stack gap="md">
                <Packages release={data} />
                <Notes release={data} />
                <Panel title="Snapshot">
                  <Facts
                    facts={[
                      ["Process", data.ProjectDeploymentProcessSnapshotId],
                      ["Variables", data.ProjectVariableSetSnapshotId],
                      ["Id", data.Id],
                    ]}
                  />
                </Panel>
              </Stack>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  );
}

interface Props {
  space: string;
  project: string;
  release: Release;
}

/** One button for each environment that is next; the choice of all others stays a click away. */
function DeployButtons({ space, project, release }: Props) {
  const progression = useQuery(lifecycleProgressionQuery(space, release.Id));
  const environments = useQuery(environmentsQuery(space));
  const next = progression.data?.NextDeployments ?? [];
  const params = { space, project, version: release.Version };
  const to = "/app/$space/projects/$project/releases/$version/deploy";
  return (
    <>
      {next.slice(0, 2).map((id) => (
        <ButtonLink key={id} to={to} params={params} search={{ environment: id }}>
          Deploy to {environments.data?.find((one) => one.Id === id)?.Name ?? id}
        </ButtonLink>
      ))}
      <ButtonLink to={to} params={params} variant="default">
        Deploy to…
      </ButtonLink>
    </>
  );
}

function LifecyclePanel({ space, project, release }: Props) {
  const progression = useQuery(lifecycleProgressionQuery(space, release.Id));
  return (
    <Panel title="Lifecycle" flush>
      <Loaded query={progression} what="The progression">
        {(data) => <Phases space={space} project={project} version={release.Version} progression={data} />}
      </Loaded>
    </Panel>
  );
}

function Packages({ release }: { release: Release }) {
  return (
    <Panel title="Packages" flush>
      {release.SelectedPackages.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          This release uses no package.
        </Text>
      ) : (
        <Table>
          <Table.Tbody>
            {release.SelectedPackages.map((one) => (
              <Table.Tr key={`${one.ActionName}/${one.PackageReferenceName}`}>
                <Table.Td>
                  {one.StepName ?? one.ActionName}
                  {one.PackageReferenceName && (
                    <Text span size="sm" c="dimmed">
                      {" "}
                      · {one.PackageReferenceName}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td ta="right" fw={600} className="numbers">
                  {one.Version}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  );
}

function Notes({ release }: { release: Release }) {
  return (
    <Panel title="Release notes">
      {release.ReleaseNotes ? (
        <Prose text={release.ReleaseNotes} />
      ) : (
        <Text size="sm" c="dimmed">
          None were written.
        </Text>
      )}
    </Panel>
  );
}
