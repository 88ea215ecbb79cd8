import { ActionIcon, Group, Table, Text, Tooltip } from "@mantine/core";
import { IconDownload, IconPackage, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Confirm } from "@/components/confirm";
import { EmptyState } from "@/components/empty-state";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { Pages } from "@/components/pages";
import { Ago } from "@/components/time";
import { WideTable } from "@/components/wide-table";
import { notifyDone, notifyError } from "@/lib/notify";
import { sizeOf } from "@/lib/time";
import { deletePackage, PAGE_SIZE, type Package, versionsQuery } from "./api";

export function PackageScreen() {
  const { space, packageId } = useParams({ from: "/shell/app/$space/library/packages/$packageId" });
  const [page, setPage] = useState(1);
  const versions = useQuery(versionsQuery(space, packageId, page));
  return (
    <Page title={packageId} crumbs={[{ text: "Packages", to: `/app/${space}/library/packages` }]}>
      <Panel flush>
        <Loaded query={versions} what="The versions">
          {({ Items, TotalResults }) =>
            Items.length === 0 ? (
              <EmptyState icon={IconPackage} title="No version of this package">
                It may have been deleted, or its id is spelled differently.
              </EmptyState>
            ) : (
              <>
                <VersionTable versions={Items} space={space} />
                <Pages total={TotalResults} size={PAGE_SIZE} page={page} onPage={setPage} />
              </>
            )
          }
        </Loaded>
      </Panel>
    </Page>
  );
}

function VersionTable({ versions, space }: { versions: Package[]; space: string }) {
  const [leaving, setLeaving] = useState<Package | null>(null);
  const client = useQueryClient();
  const deleting = useMutation({
    mutationFn: (one: Package) => deletePackage(space, one.Id),
    onSuccess: (_answer, one) => notifyDone(`${one.PackageId} ${one.Version} is deleted.`),
    onError: (error) => notifyError("The package was not deleted", error),
    onSettled: () => client.invalidateQueries({ queryKey: ["packages", space] }),
  });
  return (
    <WideTable minWidth={460}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Version</Table.Th>
            <Table.Th>File</Table.Th>
            <Table.Th w={110}>Size</Table.Th>
            <Table.Th w={160}>Pushed</Table.Th>
            <Table.Th w={90}>
              <span className="spoken">Actions</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {versions.map((one) => (
            <Table.Tr key={one.Id}>
              <Table.Td fw={500}>{one.Version}</Table.Td>
              <Table.Td c="dimmed">
                {one.PackageId}.{one.Version}
                {one.FileExtension}
              </Table.Td>
              <Table.Td c="dimmed">{sizeOf(one.PackageSizeBytes)}</Table.Td>
              <Table.Td c="dimmed">{one.Published && <Ago at={one.Published} />}</Table.Td>
              <Table.Td>
                <Group gap={4} wrap="nowrap" justify="flex-end">
                  <Tooltip label="Download">
                    <ActionIcon
                      component="a"
                      href={`/api/${space}/packages/${encodeURIComponent(one.Id)}/raw`}
                      aria-label={`Download ${one.Version}`}
                    >
                      <IconDownload size={16} />
                    </ActionIcon>
                  </Tooltip>
                  <Tooltip label="Delete">
                    <ActionIcon aria-label={`Delete ${one.Version}`} onClick={() => setLeaving(one)}>
                      <IconTrash size={16} />
                    </ActionIcon>
                  </Tooltip>
                </Group>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Confirm
        opened={leaving !== null}
        title={`Delete ${leaving?.PackageId} ${leaving?.Version}?`}
        action="Delete"
        danger
        onClose={() => setLeaving(null)}
        onConfirm={() => {
          if (leaving) deleting.mutate(leaving);
          setLeaving(null);
        }}
      >
        <Text size="sm">Releases that use it cannot be deployed any more.</Text>
      </Confirm>
    </WideTable>
  );
}
