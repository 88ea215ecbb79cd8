import { Autocomplete, Badge, Group, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { projectQuery } from "@/api/reference";
import { Commits, WorkItems } from "@/components/changes";
import { DataTable } from "@/components/data-table";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { TextDifference } from "@/components/text-difference";
import { type Release, releaseQuery } from "./api";
import { commitsApart, packageDifferences, previousOf } from "./comparing";
import { releasePageQuery } from "./list-api";
import { processDifferences } from "./process-difference";
import { ProcessDifference } from "./process-difference-list";
import { processByIdQuery } from "./snapshot-api";

/** Two releases of a project beside each other: packages, notes, commits, process. */
export function CompareScreen() {
  const from = "/shell/app/$space/projects/$project/releases/$version/compare";
  const { space, project: named, version } = useParams({ from });
  const { with: chosen } = useSearch({ from });
  const navigate = useNavigate({ from: "/app/$space/projects/$project/releases/$version/compare" });
  const project = useQuery(projectQuery(space, named));
  const release = useQuery(releaseQuery(space, named, version));
  const newest = useQuery({
    ...releasePageQuery(space, project.data?.Id ?? "", { q: "", page: 1 }),
    enabled: project.isSuccess && chosen === undefined,
  });
  const other = chosen ?? previousOf(newest.data?.Items ?? [], version);
  const before = useQuery({ ...releaseQuery(space, named, other ?? ""), enabled: other !== undefined });
  return (
    <Page
      title={other ? `${other} and ${version}` : `Compare ${version}`}
      description="What came between two releases."
      crumbs={[
        { text: "Projects", to: `/app/${space}/projects` },
        { text: project.data?.Name ?? named, to: `/app/${space}/projects/${named}` },
        { text: version, to: `/app/${space}/projects/${named}/releases/${version}` },
      ]}
    >
      <Stack>
        {project.data && (
          <OtherField
            key={other}
            space={space}
            projectId={project.data.Id}
            value={other ?? ""}
            except={version}
            onChoose={(next) => navigate({ search: { with: next }, replace: true })}
          />
        )}
        {newest.data && other === undefined && <Quiet>The project has no other release to compare it with.</Quiet>}
        {other !== undefined && (
          <Loaded query={(before.data ? release : before) as UseQueryResult<Release>} what="The releases">
            {() =>
              before.data && release.data && <Comparison space={space} before={before.data} after={release.data} />
            }
          </Loaded>
        )}
      </Stack>
    </Page>
  );
}

interface FieldProps {
  space: string;
  projectId: string;
  value: string;
  except: string;
  onChoose: (version: string) => void;
}

function OtherField({ space, projectId, value, except, onChoose }: FieldProps) {
  const [typed, setTyped] = useState(value);
  const [sought] = useDebouncedValue(typed, 200);
  const found = useQuery(releasePageQuery(space, projectId, { q: sought === value ? "" : sought, page: 1 }));
  const versions = (found.data?.Items ?? []).map((one) => one.Version).filter((one) => one !== except);
  return (
    <Autocomplete
      label="Compare with"
      placeholder="Version"
      maw={320}
      data={versions}
      filter={({ options }) => options}
      value={typed}
      onChange={setTyped}
      onOptionSubmit={onChoose}
    />
  );
}

function Comparison({ space, before, after }: { space: string; before: Release; after: Release }) {
  const packages = packageDifferences(before, after);
  const { commits, items } = commitsApart(before, after);
  return (
    <>
      <Panel title="Packages" flush>
        {packages.length === 0 ? (
          <Quiet>Both releases have the same packages.</Quiet>
        ) : (
          <DataTable
            label="Packages"
            rows={packages}
            keyOf={(one) => one.key}
            columns={[
              { head: "Step", cell: (one) => one.name },
              { head: shortened(before.Version), width: "32%", dimmed: true, cell: (one) => one.before ?? "–" },
              {
                head: shortened(after.Version),
                width: "36%",
                cell: (one) => (
                  <Group gap={6}>
                    <span>{one.after ?? "–"}</span>
                    {one.before !== one.after && <Badge>Changed</Badge>}
                  </Group>
                ),
              },
            ]}
          />
        )}
      </Panel>
      <Panel title={`New in ${after.Version}`}>
        {commits.length + items.length === 0 ? (
          <Text size="sm" c="dimmed">
            No commit or work item is known that {before.Version} does not have.
          </Text>
        ) : (
          <Stack gap="sm">
            <WorkItems items={items} />
            <Commits commits={commits} />
          </Stack>
        )}
      </Panel>
      <Panel title="Release notes">
        {(before.ReleaseNotes ?? "") === (after.ReleaseNotes ?? "") ? (
          <Text size="sm" c="dimmed">
            Both releases have the same notes.
          </Text>
        ) : (
          <TextDifference before={before.ReleaseNotes} after={after.ReleaseNotes} />
        )}
      </Panel>
      <ProcessBetween space={space} before={before} after={after} />
    </>
  );
}

function ProcessBetween({ space, before, after }: { space: string; before: Release; after: Release }) {
  const then = useQuery(processByIdQuery(space, before.ProjectDeploymentProcessSnapshotId));
  const now = useQuery(processByIdQuery(space, after.ProjectDeploymentProcessSnapshotId));
  return (
    <Panel title="Process" flush>
      <Loaded query={then} what="The process">
        {(old) => (
          <Loaded query={now} what="The process">
            {(next) => {
              const found = processDifferences(old.Steps, next.Steps);
              if (found.length === 0) return <Quiet>Both releases have the same process.</Quiet>;
              return <ProcessDifference differences={found} />;
            }}
          </Loaded>
        )}
      </Loaded>
    </Panel>
  );
}

function Quiet({ children }: { children: string }) {
  return (
    <Text size="sm" c="dimmed" p="md">
      {children}
    </Text>
  );
}

/** A version as the head of a column; the title of the screen has all of it. */
function shortened(version: string): string {
  return version.length > 18 ? `${version.slice(0, 17)}…` : version;
}
