import { Badge, Group, Text } from "@mantine/core";
import { IconBook2, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { BranchPicker } from "@/components/branch-picker";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink, TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { ActionButton, Permitted } from "@/components/permitted";
import { Tags } from "@/components/tags";
import { useList } from "@/lib/use-list";
import { AddRunbook } from "./add-runbook";
import { type Home, type Runbook, runbookPageQuery } from "./api";
import { RunState } from "./run-state";
import { newestRunsQuery, type Run } from "./runs-api";
import { keepBranch, useHome } from "./use-home";

/** What is run in the environments of a project besides its deployments. */
export function RunbooksTab() {
  const { home, project } = useHome();
  const [adding, setAdding] = useState(false);
  const list = useList();
  const runbooks = useQuery(runbookPageQuery(home, list));
  const ids = (runbooks.data?.Items ?? []).map((one) => one.Id);
  const runs = useQuery(newestRunsQuery(home.space, ids)).data ?? [];
  const add = (
    <ActionButton
      need={{ permission: "RunbookEdit", space: home.space, project: project.Id }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      Add a runbook
    </ActionButton>
  );
  return (
    <>
      <Group justify="space-between" mb="md" gap="xs">
        <Text size="sm" c="dimmed">
          Work that is done again and again, such as a backup or a restart, with this project's variables and targets.
        </Text>
        <Group gap="xs">
          {home.branch !== null && <BranchPicker space={home.space} project={project} />}
          {add}
        </Group>
      </Group>
      <ListPanel
        what="The runbooks"
        list={list}
        query={runbooks}
        find="Find by name"
        empty={
          <EmptyState icon={IconBook2} title="No runbook yet" action={add}>
            Make one, give it steps, and publish it: then whoever may can run it in the environments you choose.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label="Runbooks"
            rows={items}
            columns={columnsOf(home, project.Slug, runs)}
            keyOf={(one) => one.Id}
          />
        )}
      </ListPanel>
      {adding && <AddRunbook home={home} project={project.Slug} onClose={() => setAdding(false)} />}
    </>
  );
}

function columnsOf(home: Home, project: string, runs: Run[]): (Column<Runbook> | false)[] {
  const { space } = home;
  const newest = (runbook: Runbook) =>
    runs.filter((one) => one.RunbookId === runbook.Id).sort((a, b) => (b.Created ?? "").localeCompare(a.Created ?? ""));
  const paramsOf = (one: Runbook) => ({ space, project, runbook: one.Slug || one.Id });
  return [
    {
      head: "Runbook",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/projects/$project/runbooks/$runbook" params={paramsOf(one)} search={keepBranch}>
              {one.Name}
            </TextLink>
          }
        >
          {one.Description}
          {one.RunbookTags.length > 0 && <Tags words={one.RunbookTags} />}
        </NameCell>
      ),
    },
    home.branch === null && {
      head: "Published",
      width: 120,
      wideOnly: true,
      cell: (one: Runbook) =>
        one.PublishedRunbookSnapshotId ? <Badge>Published</Badge> : <Badge color="gray">Draft only</Badge>,
    },
    {
      head: "Last run",
      width: 250,
      wideOnly: true,
      cell: (one) => {
        const [last] = newest(one);
        return last ? <RunState space={space} run={last} withPlace /> : <Text c="dimmed">Never run</Text>;
      },
    },
    {
      head: "Run",
      spoken: true,
      width: 90,
      align: "right",
      cell: (one) => <RunLink params={paramsOf(one)} projectId={one.ProjectId} name={one.Name} />,
    },
  ];
}

interface RunLinkProps {
  params: { space: string; project: string; runbook: string };
  projectId: string;
  name: string;
}

function RunLink({ params, projectId, name }: RunLinkProps) {
  const need = { permission: "RunbookRunCreate", space: params.space, project: projectId };
  return (
    <Permitted need={need}>
      {(isAllowed) => (
        <ButtonLink
          to="/app/$space/projects/$project/runbooks/$runbook/run"
          params={params}
          search={keepBranch}
          variant="default"
          size="compact-sm"
          disabled={!isAllowed}
          aria-label={`Run ${name}`}
        >
          Run
        </ButtonLink>
      )}
    </Permitted>
  );
}
