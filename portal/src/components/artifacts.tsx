import { Anchor, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { type Artifact, artifactAddress } from "@/api/artifacts";
import { sizeOf } from "@/lib/time";
import { DataTable, NameCell } from "./data-table";
import { Ago } from "./time";

/** Files that scripts left behind, to be downloaded. */
export function ArtifactTable({ space, artifacts }: { space: string; artifacts: readonly Artifact[] }) {
  return (
    <DataTable
      label="Artifacts"
      rows={artifacts}
      keyOf={(one) => one.Id}
      columns={[
        {
          head: "File",
          cell: (one) => (
            <NameCell
              name={
                <Anchor href={artifactAddress(space, one.Id)} download={one.Filename} size="sm" fw={500}>
                  <IconDownload size={14} style={{ verticalAlign: "-2px", marginRight: 6 }} aria-hidden />
                  {one.Filename}
                </Anchor>
              }
            >
              {one.Source}
            </NameCell>
          ),
        },
        {
          head: "Size",
          width: 110,
          align: "right",
          dimmed: true,
          cell: (one) => (
            <Text span size="sm" className="numbers">
              {one.SizeBytes === null ? "–" : sizeOf(one.SizeBytes)}
            </Text>
          ),
        },
        {
          head: "Left",
          width: 150,
          wideOnly: true,
          dimmed: true,
          cell: (one) => one.Created && <Ago at={one.Created} />,
        },
      ]}
    />
  );
}
