import { Anchor, Group } from "@mantine/core";
import { IconArchive } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { type Column, DataTable } from "@/components/data-table";
import { AskDelete } from "@/components/delete-button";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { Ago } from "@/components/time";
import { sizeOf } from "@/lib/time";
import { useList } from "@/lib/use-list";
import { archivesQuery, useDeleteArchive } from "./api";

type Archive = Shape<"ArchivedEventFile">;

/** The files of events that have left the database, a day each. */
export function ArchivesScreen() {
  const list = useList();
  const archives = useQuery(archivesQuery(list.page));
  const [leaving, setLeaving] = useState<Archive | null>(null);
  const deleting = useDeleteArchive();
  return (
    <Page
      title="Archive"
      crumbs={[{ text: "Audit", to: "/app/audit" }]}
      description={
        <>
          Events that have left the database: a file for each day, lines of JSON packed by gzip. How long events stay is
          said in the{" "}
          <TextLink to="/app/settings/$section" params={{ section: "retention-default" }} size="sm" underline="always">
            settings
          </TextLink>
          .
        </>
      }
    >
      <ListPanel
        what="The archive"
        list={list}
        query={archives}
        empty={
          <EmptyState icon={IconArchive} title="No file yet">
            Once events are older than the settings say, they are put into files here, and can still be downloaded.
          </EmptyState>
        }
      >
        {(items) => <DataTable label="Archive" rows={items} columns={columnsOf(setLeaving)} keyOf={(one) => one.Id} />}
      </ListPanel>
      {leaving && (
        <AskDelete
          what={`the file ${leaving.Name}`}
          deleting={() => deleting.mutateAsync(leaving.Id)}
          onDeleted={() => setLeaving(null)}
          onClose={() => setLeaving(null)}
        >
          These events are gone for good, unless you have downloaded them. That they were deleted stays in the trail.
        </AskDelete>
      )}
    </Page>
  );
}

function columnsOf(onDelete: (archive: Archive) => void): Column<Archive>[] {
  return [
    {
      head: "File",
      cell: (one) => (
        <Anchor href={`/api/events/archives/${encodeURIComponent(one.Id)}`} download size="sm">
          {one.Name}
        </Anchor>
      ),
    },
    { head: "Size", width: 110, dimmed: true, cell: (one) => <span className="numbers">{sizeOf(one.FileBytes)}</span> },
    { head: "Made", width: 150, dimmed: true, cell: (one) => one.CreatedDate && <Ago at={one.CreatedDate} /> },
    {
      head: "Actions",
      spoken: true,
      width: 100,
      cell: (one) => (
        <Group justify="flex-end">
          <ActionButton
            size="compact-sm"
            variant="default"
            need={{ permission: "EventRetentionDelete" }}
            onClick={() => onDelete(one)}
          >
            Delete
          </ActionButton>
        </Group>
      ),
    },
  ];
}
