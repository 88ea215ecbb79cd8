import { ActionIcon, Button, Group, Text } from "@mantine/core";
import { IconDownload, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { TextLink } from "@/components/links";
import { ActionButton, Permitted } from "@/components/permitted";
import { Ago } from "@/components/time";
import { sizeOf } from "@/lib/time";
import { downloadAddress, type Version } from "./api";
import { DeleteVersions } from "./delete-versions";
import classes from "./version-table.module.css";

interface Props {
  space: string;
  packageId: string;
  versions: readonly Version[];
}

/** Versions, to look at, to download, and to delete one or several of. */
export function VersionTable({ space, packageId, versions }: Props) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [leaving, setLeaving] = useState<readonly Version[]>([]);
  const marked = versions.filter((one) => chosen.has(one.Id));
  const need = { permission: "BuiltInFeedAdminister", space };
  const columns: Column<Version>[] = [
    {
      head: "Version",
      cell: (one) => (
        <NameCell
          name={
            <TextLink
              to="/app/$space/library/packages/$packageId/$version"
              params={{ space, packageId, version: one.Version }}
              c="inherit"
              className="numbers"
            >
              {one.Version}
            </TextLink>
          }
        >
          {one.Title !== packageId && one.Title}
        </NameCell>
      ),
    },
    {
      head: "Size",
      width: 110,
      dimmed: true,
      cell: (one) => <span className="numbers">{sizeOf(one.SizeBytes)}</span>,
    },
    {
      head: "Pushed",
      width: 170,
      dimmed: true,
      wideOnly: true,
      cell: (one) => one.Published && <Ago at={one.Published} />,
    },
    {
      head: "Actions",
      spoken: true,
      width: 90,
      cell: (one) => (
        <Group gap={4} wrap="nowrap" justify="flex-end">
          <DownloadIcon space={space} id={one.Id} version={one.Version} />
          <Permitted need={need}>
            {(isAllowed) => (
              <ActionIcon aria-label={`Delete ${one.Version}`} disabled={!isAllowed} onClick={() => setLeaving([one])}>
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </Permitted>
        </Group>
      ),
    },
  ];
  return (
    <>
      {marked.length > 0 && (
        <div className={classes.chosen}>
          <Text size="sm" role="status">
            {marked.length === 1 ? "1 version chosen" : `${marked.length} versions chosen`}
          </Text>
          <Group gap="xs">
            <Button size="compact-sm" variant="default" onClick={() => setChosen(new Set())}>
              Choose none
            </Button>
            <ActionButton size="compact-sm" variant="default" need={need} onClick={() => setLeaving(marked)}>
              Delete them
            </ActionButton>
          </Group>
        </div>
      )}
      <DataTable
        label="Versions"
        rows={versions}
        columns={columns}
        keyOf={(one) => one.Id}
        minWidth={340}
        selection={{ chosen, onChange: setChosen, nameOf: (one) => one.Version }}
      />
      <DeleteVersions
        space={space}
        packageId={packageId}
        versions={leaving}
        onClose={() => setLeaving([])}
        onDeleted={() => setChosen(new Set())}
      />
    </>
  );
}

function DownloadIcon({ space, id, version }: { space: string; id: string; version: string }) {
  return (
    <Permitted need={{ permission: "BuiltInFeedDownload", space }}>
      {(isAllowed) =>
        isAllowed ? (
          <ActionIcon component="a" href={downloadAddress(space, id)} aria-label={`Download ${version}`}>
            <IconDownload size={16} />
          </ActionIcon>
        ) : (
          <ActionIcon disabled aria-label={`Download ${version}`}>
            <IconDownload size={16} />
          </ActionIcon>
        )
      }
    </Permitted>
  );
}
