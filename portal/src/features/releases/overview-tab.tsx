import { Grid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Project } from "@/api/reference";
import { Facts } from "@/components/facts";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Prose } from "@/components/markdown";
import { Panel } from "@/components/page";
import { deploymentTemplateQuery, lifecycleProgressionQuery, type Release } from "./api";
import { Phases } from "./phases";
import { automaticQuery, freezesQuery } from "./place-facts";
import { useRelease } from "./release-frame";
import { ReleasePackages } from "./release-packages";

/** How far a release has come, what is in it, and its next step. */
export function ReleaseOverviewTab() {
  const { space, project, release } = useRelease();
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Stack gap="md">
          <LifecyclePanel space={space} project={project} release={release} />
          {project.TenantedDeploymentMode !== "Untenanted" && (
            <TenantsPanel space={space} project={project} release={release} />
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Stack gap="md">
          <Notes release={release} />
          <ReleasePackages space={space} release={release} />
          <About release={release} />
        </Stack>
      </Grid.Col>
    </Grid>
  );
}

interface Props {
  space: string;
  project: Project;
  release: Release;
}

function LifecyclePanel({ space, project, release }: Props) {
  const progression = useQuery(lifecycleProgressionQuery(space, release.Id));
  const freezes = useQuery(freezesQuery(project.Id));
  const automatic = useQuery(automaticQuery(space, release.Id));
  return (
    <Panel title="Lifecycle" flush>
      <Loaded query={progression} what="The progression">
        {(data) => (
          <Phases
            space={space}
            project={project}
            version={release.Version}
            progression={data}
            freezes={freezes.data ?? []}
            automatic={automatic.data ?? []}
          />
        )}
      </Loaded>
    </Panel>
  );
}

/** For how many tenants the release may go where. */
function TenantsPanel({ space, project, release }: Props) {
  const template = useQuery(deploymentTemplateQuery(space, release.Id));
  const params = { space, project: project.Slug, version: release.Version };
  return (
    <Panel
      title="Tenants"
      aside={
        <TextLink to="/app/$space/projects/$project/releases/$version/tenants" params={params} size="sm">
          Each of them
        </TextLink>
      }
    >
      <Loaded query={template} what="The tenants" rows={2}>
        {(data) => {
          const counts = countsOf(data.TenantPromotions.flatMap((one) => one.PromoteTo));
          if (counts.length === 0) {
            return (
              <Text size="sm" c="dimmed">
                No tenant can get this release now.
              </Text>
            );
          }
          return (
            <Stack gap={4}>
              {counts.map(({ id, name, count }) => (
                <Text key={id} size="sm">
                  <TextLink
                    to="/app/$space/projects/$project/releases/$version/deploy"
                    params={params}
                    search={{ environment: id, tenants: "all" }}
                    size="sm"
                    underline="always"
                  >
                    {name}
                  </TextLink>
                  : {count === 1 ? "1 tenant" : `${count} tenants`} may get it now
                </Text>
              ))}
            </Stack>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function countsOf(places: readonly { Id: string; Name: string }[]) {
  const found = new Map<string, { id: string; name: string; count: number }>();
  for (const { Id, Name } of places) {
    found.set(Id, { id: Id, name: Name, count: (found.get(Id)?.count ?? 0) + 1 });
  }
  return [...found.values()];
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

function About({ release }: { release: Release }) {
  const git = release.VersionControlReference;
  const fields = Object.entries(release.CustomFields);
  return (
    <Panel title="Details">
      <Facts
        facts={[
          ...fields.map(([name, value]) => [name, value] as const),
          ["Branch", git?.GitRef ?? null],
          ["Commit", git?.GitCommit?.slice(0, 12) ?? null],
          ...release.SelectedGitResources.map(
            (one) =>
              [
                `Files of ${one.ActionName}`,
                one.GitReferenceResource?.GitRef ?? one.GitReferenceResource?.GitCommit ?? null,
              ] as const,
          ),
          ["Channel rules", release.IgnoreChannelRules ? "Ignored when it was made" : null],
          ["Id", release.Id],
        ]}
      />
    </Panel>
  );
}
