import { ActionIcon, Badge, Group, Menu } from "@mantine/core";
import { IconCamera, IconDots, IconPlayerPlay, IconTrash, IconUpload } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { AskDelete } from "@/components/delete-button";
import { EmptyState } from "@/components/empty-state";
import { MenuLink, TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { ActionButton, ActionItem } from "@/components/permitted";
import { Ago } from "@/components/time";
import { notifyDone, notifyError } from "@/lib/notify";
import { useList } from "@/lib/use-list";
import { SnapshotForm } from "./snapshot-form";
import { type Snapshot, snapshotPageQuery, useSnapshotDeeds } from "./snapshots-api";
import { useRunbook } from "./use-home";

const PATH = "/app/$space/projects/$project/runbooks/$runbook";

/** The runbook as it was when it was frozen, newest first. */
export function SnapshotsTab() {
  const { home, runbook } = useRunbook();
  const list = useList();
  const snapshots = useQuery(snapshotPageQuery(home, runbook.Id, list.q, list.page));
  const [making, setMaking] = useState(false);
  const make = (
    <ActionButton
      variant="default"
      need={{ permission: "RunbookSnapshotCreate", space: home.space, project: runbook.ProjectId }}
      leftSection={<IconCamera size={16} />}
      onClick={() => setMaking(true)}
    >
      Make a snapshot
    </ActionButton>
  );
  const columns: Column<Snapshot>[] = [
    {
      head: "Snapshot",
      cell: (one) => (
        <NameCell name={<SnapshotLink snapshot={one} isPublished={one.Id === runbook.PublishedRunbookSnapshotId} />}>
          {one.Notes}
        </NameCell>
      ),
    },
    {
      head: "Packages",
      wideOnly: true,
      dimmed: true,
      cell: (one) => one.SelectedPackages.map((each) => `${each.ActionName} ${each.Version}`).join(", "),
    },
    {
      head: "Frozen",
      width: 150,
      wideOnly: true,
      dimmed: true,
      cell: (one) => one.Assembled && <Ago at={one.Assembled} />,
    },
    { head: "More", spoken: true, width: 50, align: "right", cell: (one) => <More snapshot={one} /> },
  ];
  return (
    <>
      <ListPanel
        what="The snapshots"
        list={list}
        query={snapshots}
        find="Find by name"
        filters={make}
        empty={
          <EmptyState icon={IconCamera} title="No snapshot yet" action={make}>
            A snapshot freezes steps, variables and packages. Publish one, and it is what everybody runs.
          </EmptyState>
        }
      >
        {(items) => <DataTable label="Snapshots" rows={items} columns={columns} keyOf={(one) => one.Id} />}
      </ListPanel>
      {making && <SnapshotForm home={home} runbook={runbook} onClose={() => setMaking(false)} />}
    </>
  );
}

function SnapshotLink({ snapshot, isPublished }: { snapshot: Snapshot; isPublished: boolean }) {
  const params = useParams({ from: `/shell${PATH}` });
  return (
    <Group gap={8}>
      <TextLink to={`${PATH}/snapshots/$snapshot`} params={{ ...params, snapshot: snapshot.Id }}>
        {snapshot.Name}
      </TextLink>
      {isPublished && <Badge>Published</Badge>}
    </Group>
  );
}

function More({ snapshot }: { snapshot: Snapshot }) {
  const params = useParams({ from: `/shell${PATH}` });
  const { home, runbook } = useRunbook();
  const deeds = useSnapshotDeeds(home, runbook);
  const [asks, setAsks] = useState(false);
  const isPublished = snapshot.Id === runbook.PublishedRunbookSnapshotId;
  const need = { permission: "RunbookEdit", space: home.space, project: runbook.ProjectId };
  const publish = () =>
    deeds.publish.mutate(snapshot.Id, {
      onSuccess: () => notifyDone(`${snapshot.Name} is published.`),
      onError: (error) => notifyError("It was not published", error),
    });
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon aria-label={`More for ${snapshot.Name}`}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuLink
            to={`${PATH}/run`}
            params={params}
            search={{ snapshot: snapshot.Id }}
            leftSection={<IconPlayerPlay size={15} />}
          >
            Run it
          </MenuLink>
          <ActionItem
            need={need}
            barred={isPublished ? "It is published already." : null}
            leftSection={<IconUpload size={15} />}
            onClick={publish}
          >
            Publish it
          </ActionItem>
          <ActionItem
            need={need}
            color="red"
            barred={isPublished ? "It is published: publish another one first." : null}
            leftSection={<IconTrash size={15} />}
            onClick={() => setAsks(true)}
          >
            Delete
          </ActionItem>
        </Menu.Dropdown>
      </Menu>
      {asks && (
        <AskDelete
          what={`the snapshot ${snapshot.Name}`}
          deleting={() => deeds.remove.mutateAsync(snapshot.Id)}
          onDeleted={() => setAsks(false)}
          onClose={() => setAsks(false)}
        >
          Its runs go with it, with their logs.
        </AskDelete>
      )}
    </>
  );
}
