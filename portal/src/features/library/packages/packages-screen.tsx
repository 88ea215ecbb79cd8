import { Group } from "@mantine/core";
import { IconPackage } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { Ago } from "@/components/time";
import { sizeOf } from "@/lib/time";
import { useList } from "@/lib/use-list";
import { type Package, packagesQuery } from "./api";
import { CleanUpButton } from "./clean-up";
import { PushHelpButton } from "./push-help";
import { UploadArea } from "./upload-area";

export function PackagesScreen() {
  const { space } = useParams({ from: "/shell/app/$space/library/packages" });
  const list = useList();
  const packages = useQuery(packagesQuery(space, list));
  return (
    <Page
      title="Packages"
      description="What has been pushed to the built-in feed, with the newest version of each."
      actions={
        <Group gap="xs">
          <CleanUpButton space={space} />
          <PushHelpButton space={space} />
        </Group>
      }
    >
      <UploadArea space={space} />
      <ListPanel
        what="The packages"
        list={list}
        query={packages}
        find="Find a package"
        empty={
          <EmptyState icon={IconPackage} title="No package yet">
            Drop a file above, or let your build push one: the button <b>Push from a build</b> shows the command.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable label="Packages" rows={items} columns={columnsOf(space)} keyOf={(one) => one.Id} minWidth={340} />
        )}
      </ListPanel>
    </Page>
  );
}

function columnsOf(space: string): Column<Package>[] {
  return [
    {
      head: "Package",
      cell: (one) => (
        <NameCell
          name={
            <TextLink
              to="/app/$space/library/packages/$packageId"
              params={{ space, packageId: one.PackageId }}
              c="inherit"
            >
              {one.PackageId}
            </TextLink>
          }
        >
          {one.Description}
        </NameCell>
      ),
    },
    {
      head: "Newest version",
      width: 180,
      cell: (one) => (
        <TextLink
          to="/app/$space/library/packages/$packageId/$version"
          params={{ space, packageId: one.PackageId, version: one.Version }}
          className="numbers"
        >
          {one.Version}
        </TextLink>
      ),
    },
    {
      head: "Size",
      width: 110,
      dimmed: true,
      wideOnly: true,
      cell: (one) => <span className="numbers">{sizeOf(one.PackageSizeBytes)}</span>,
    },
    {
      head: "Pushed",
      width: 160,
      dimmed: true,
      wideOnly: true,
      cell: (one) => one.Published && <Ago at={one.Published} />,
    },
  ];
}
