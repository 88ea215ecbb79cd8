import { Group, Stack, Text } from "@mantine/core";
import { IconInfoCircle, IconPlayerPlay, IconWorld } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Environment } from "@/api/reference";
import { DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink, TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Notice } from "@/components/notice";
import { Panel } from "@/components/page";
import { Permitted } from "@/components/permitted";
import { Ago } from "@/components/time";
import { type Home, type Runbook, runbookEnvironmentsQuery } from "./api";
import { RunState } from "./run-state";
import { newestRunsQuery, type Run } from "./runs-api";
import { runTemplateQuery, snapshotQuery } from "./snapshots-api";
import { useRunbook } from "./use-home";

const PATH = "/app/$space/projects/$project/runbooks/$runbook";

/** What is published, and how the runbook last did in each environment. */
export function RunbookOverviewTab() {
  const { home, runbook } = useRunbook();
  const environments = useQuery(runbookEnvironmentsQuery(home, runbook.Id));
  const runs = useQuery(newestRunsQuery(home.space, [runbook.Id]));
  return (
    <Stack>
      {home.branch === null ? <Published home={home} runbook={runbook} /> : <OnBranch branch={home.branch} />}
      <Panel title="Environments" flush>
        <Loaded query={environments} what="The environments">
          {(list) =>
            list.length === 0 ? (
              <EmptyState icon={IconWorld} title="It runs nowhere yet">
                Choose in the settings of the runbook in which environments it may run.
              </EmptyState>
            ) : (
              <Environments home={home} runbook={runbook} environments={list} runs={runs.data ?? []} />
            )
          }
        </Loaded>
      </Panel>
    </Stack>
  );
}

interface TableProps {
  home: Home;
  runbook: Runbook;
  environments: Environment[];
  runs: Run[];
}

function Environments({ home, runbook, environments, runs }: TableProps) {
  const params = useParams({ from: `/shell${PATH}` });
  const { space } = home;
  const lastIn = (environment: Environment) => runs.find((one) => one.EnvironmentId === environment.Id);
  return (
    <DataTable
      label="Environments"
      rows={environments}
      keyOf={(one) => one.Id}
      columns={[
        { head: "Environment", cell: (one) => one.Name },
        {
          head: "Last run",
          cell: (one) => {
            const last = lastIn(one);
            return last ? <RunState space={space} run={last} /> : <Text c="dimmed">Never run</Text>;
          },
        },
        { head: "Snapshot", wideOnly: true, dimmed: true, cell: (one) => lastIn(one)?.RunbookSnapshotName },
        { head: "By", wideOnly: true, dimmed: true, cell: (one) => lastIn(one)?.RunBy },
        {
          head: "Run",
          spoken: true,
          align: "right",
          width: 100,
          cell: (one) => (
            <Permitted
              need={{ permission: "RunbookRunCreate", space, project: runbook.ProjectId, environment: one.Id }}
            >
              {(isAllowed) => (
                <ButtonLink
                  to={`${PATH}/run`}
                  params={params}
                  search={(old: { branch?: string }) => ({ branch: old.branch, environment: one.Id })}
                  variant="default"
                  size="compact-sm"
                  disabled={!isAllowed}
                  leftSection={<IconPlayerPlay size={13} />}
                  aria-label={`Run in ${one.Name}`}
                >
                  Run
                </ButtonLink>
              )}
            </Permitted>
          ),
        },
      ]}
    />
  );
}

function OnBranch({ branch }: { branch: string }) {
  return (
    <Notice tone="idle" icon={IconInfoCircle}>
      <Text size="sm">
        The runbook is kept in Git, and runs as it is on the branch <b>{branch}</b>. Who may run runbooks, and not
        change them, runs what is on the default branch.
      </Text>
    </Notice>
  );
}

/** The snapshot that is run by whoever may not change the runbook, and by triggers. */
function Published({ home, runbook }: { home: Home; runbook: Runbook }) {
  const params = useParams({ from: `/shell${PATH}` });
  const id = runbook.PublishedRunbookSnapshotId;
  const snapshot = useQuery({ ...snapshotQuery(home.space, id ?? ""), enabled: id !== null });
  const template = useQuery(runTemplateQuery(home.space, runbook.Id));
  if (id === null) {
    return (
      <Notice tone="waiting" icon={IconInfoCircle} title="Nothing is published yet">
        <Text size="sm">
          Whoever may change the runbook can run it as it is now. Publish it when it does what it should: then triggers
          and everybody who may run it use that snapshot, whatever is changed later.
        </Text>
      </Notice>
    );
  }
  const changed = [
    template.data?.IsRunbookProcessModified && "its steps",
    (template.data?.IsVariableSetModified || template.data?.IsLibraryVariableSetModified) && "its variables",
  ].filter((one) => typeof one === "string");
  return (
    <Panel title="Published">
      <Loaded query={snapshot} what="The published snapshot" rows={1}>
        {(data) => (
          <Stack gap={6}>
            <Group gap="xs">
              <TextLink to={`${PATH}/snapshots/$snapshot`} params={{ ...params, snapshot: data.Id }} fw={600}>
                {data.Name}
              </TextLink>
              {data.Assembled && (
                <Text size="sm" c="dimmed">
                  frozen <Ago at={data.Assembled} />
                </Text>
              )}
            </Group>
            {data.Notes && <Text size="sm">{data.Notes}</Text>}
            {changed.length > 0 && (
              <Text size="sm" c="dimmed">
                Since then {changed.join(" and ")} changed.{" "}
                <TextLink
                  to={`${PATH}/snapshots/$snapshot`}
                  params={{ ...params, snapshot: data.Id }}
                  search={{ show: "difference" }}
                  size="sm"
                >
                  Show what
                </TextLink>
              </Text>
            )}
          </Stack>
        )}
      </Loaded>
    </Panel>
  );
}
