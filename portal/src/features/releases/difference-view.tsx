import { Group, Stack, Text } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useBranch } from "@/components/branch-picker";
import { Confirm } from "@/components/confirm";
import { DataTable, NameCell } from "@/components/data-table";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { Tags } from "@/components/tags";
import { TextDifference } from "@/components/text-difference";
import { notifyError } from "@/lib/notify";
import { scopeWords } from "@/lib/scope-words";
import { ChangeMark } from "./change-mark";
import { useTakeVariables } from "./edit-api";
import { processDifferences } from "./process-difference";
import { ProcessDifference } from "./process-difference-list";
import { useRelease } from "./release-frame";
import {
  type Differences,
  frozenVariablesQuery,
  processByIdQuery,
  processNowQuery,
  variableDifferenceQuery,
} from "./snapshot-api";

/** What has changed in the project since the release was made: variables can be taken anew, the process cannot. */
export function DifferenceView() {
  return (
    <Stack>
      <VariablesSince />
      <ProcessSince />
    </Stack>
  );
}

function VariablesSince() {
  const { space, project, release } = useRelease();
  const differences = useQuery(variableDifferenceQuery(space, release.Id));
  const [asks, setAsks] = useState(false);
  const taking = useTakeVariables(space, release.Id);
  const count = differences.data?.Differences.length ?? 0;
  return (
    <Panel
      title="Variables"
      flush
      aside={
        <ActionButton
          size="compact-sm"
          need={{ permission: "ReleaseEdit", space, project: project.Id }}
          barred={count === 0 ? "The release has today's variables already." : null}
          onClick={() => setAsks(true)}
        >
          Update variables
        </ActionButton>
      }
    >
      <Loaded query={differences} what="The difference">
        {(data) => (data.IsModified ? <Values data={data} /> : <Same what="The variables are the same as today's." />)}
      </Loaded>
      <Confirm
        opened={asks}
        title="Update the variables of this release?"
        action="Update variables"
        pending={taking.isPending}
        onClose={() => setAsks(false)}
        onConfirm={() =>
          taking.mutate(null, {
            onSuccess: () => setAsks(false),
            onError: (error) => {
              setAsks(false);
              notifyError("The variables were not updated", error);
            },
          })
        }
      >
        {count === 1 ? "One value becomes" : `${count} values become`} what the project has today, for all deployments
        of {release.Version} from now on. The process and the packages stay as they are.
      </Confirm>
    </Panel>
  );
}

function Same({ what }: { what: string }) {
  return (
    <Group gap={8} p="md" c="dimmed">
      <IconCheck size={16} aria-hidden />
      <Text size="sm">{what}</Text>
    </Group>
  );
}

function Values({ data }: { data: Differences }) {
  const { space, project, release } = useRelease();
  const names = useQuery(frozenVariablesQuery(space, release)).data?.[0]?.ScopeValues;
  const keyOf = (one: Differences["Differences"][number]) =>
    `${one.OwnerId}/${one.Name}/${JSON.stringify(one.Scope)}/${one.Change}/${one.Before}/${one.After}`;
  return (
    <DataTable
      label="Variables that differ"
      rows={data.Differences}
      keyOf={keyOf}
      minWidth={560}
      columns={[
        {
          head: "Variable",
          width: "28%",
          cell: (one) => <NameCell name={one.Name}>{one.OwnerId === project.Id ? null : one.OwnerName}</NameCell>,
        },
        { head: "Change", width: 120, cell: (one) => <ChangeMark change={one.Change} /> },
        {
          head: "Value",
          cell: (one) =>
            one.IsSensitive && one.Before === null && one.After === null ? (
              <Text size="sm" c="dimmed">
                A secret; its texts are not shown.
              </Text>
            ) : (
              <TextDifference before={one.Before} after={one.After} />
            ),
        },
        { head: "Scope", width: "20%", wideOnly: true, cell: (one) => <Tags words={scopeWords(one.Scope, names)} /> },
      ]}
    />
  );
}

function ProcessSince() {
  const { space, project, release } = useRelease();
  const tip = useBranch(project);
  const branch = tip === null ? null : (release.VersionControlReference?.GitRef ?? tip);
  const then = useQuery(processByIdQuery(space, release.ProjectDeploymentProcessSnapshotId));
  const now = useQuery(processNowQuery(space, project.Id, branch));
  return (
    <Panel title="Process" flush>
      <Loaded query={then} what="The process of the release">
        {(before) => (
          <Loaded query={now} what="Today's process">
            {(after) => {
              const found = processDifferences(before.Steps, after.Steps);
              if (found.length === 0) return <Same what="The process is the same as today's." />;
              return <ProcessDifference differences={found} />;
            }}
          </Loaded>
        )}
      </Loaded>
      <Text size="sm" c="dimmed" p="md" pt={0}>
        The process of a release never changes. Make a new release to deploy with today's.
      </Text>
    </Panel>
  );
}
