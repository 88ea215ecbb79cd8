import { Group, SimpleGrid, Stack } from "@mantine/core";
import { IconDownload, IconPencil, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Facts } from "@/components/facts";
import { Loaded } from "@/components/loaded";
import { Prose } from "@/components/markdown";
import { Page, Panel } from "@/components/page";
import { ActionButton, useMay } from "@/components/permitted";
import { Ago } from "@/components/time";
import { sizeOf } from "@/lib/time";
import { BuildFacts } from "../builds/build-facts";
import { UsagePanel } from "../builds/usage-panel";
import { downloadAddress, type Package, packageQuery, packageUsageQuery } from "./api";
import { DeleteVersions } from "./delete-versions";
import { DescribeVersion } from "./describe-version";

/** One version of a package: what it is, where it comes from, and what uses it. */
export function VersionScreen() {
  const { space, packageId, version } = useParams({ from: "/shell/app/$space/library/packages/$packageId/$version" });
  const query = useQuery(packageQuery(space, `packages-${packageId}.${version}`));
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<"describe" | "delete" | null>(null);
  const back = () => void navigate({ to: "/app/$space/library/packages/$packageId", params: { space, packageId } });
  return (
    <Page
      title={`${packageId} ${version}`}
      crumbs={[
        { text: "Packages", to: `/app/${space}/library/packages` },
        { text: packageId, to: `/app/${space}/library/packages/${encodeURIComponent(packageId)}` },
      ]}
      description={query.data?.Summary}
      actions={query.data && <Actions space={space} of={query.data} onOpen={setDialog} />}
    >
      <Loaded query={query} what="The package">
        {(one) => (
          <>
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
              <Stack>
                <Panel title="File">
                  <FileFacts of={one} />
                </Panel>
                {(one.Description || one.ReleaseNotes) && <Words of={one} />}
              </Stack>
              <Stack>
                <UsagePanel space={space} query={packageUsageQuery(space, one.Id)} />
                {one.PackageVersionBuildInformation && (
                  <Panel title="Built from">
                    <BuildFacts space={space} of={one.PackageVersionBuildInformation} isLinked />
                  </Panel>
                )}
              </Stack>
            </SimpleGrid>
            {dialog === "describe" && <DescribeVersion space={space} of={one} onClose={() => setDialog(null)} />}
            <DeleteVersions
              space={space}
              packageId={packageId}
              versions={dialog === "delete" ? [one] : []}
              onClose={() => setDialog(null)}
              onDeleted={back}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface ActionProps {
  space: string;
  of: Package;
  onOpen: (dialog: "describe" | "delete") => void;
}

function Actions({ space, of, onOpen }: ActionProps) {
  const administer = { permission: "BuiltInFeedAdminister", space };
  const download = { permission: "BuiltInFeedDownload", space };
  const mayDownload = useMay(download);
  return (
    <Group gap="xs">
      <ActionButton
        variant="default"
        leftSection={<IconPencil size={16} />}
        need={administer}
        onClick={() => onOpen("describe")}
      >
        Describe
      </ActionButton>
      <ActionButton
        variant="default"
        leftSection={<IconTrash size={16} />}
        need={administer}
        onClick={() => onOpen("delete")}
      >
        Delete
      </ActionButton>
      <ActionButton
        leftSection={<IconDownload size={16} />}
        need={download}
        onClick={() => mayDownload && window.location.assign(downloadAddress(space, of.Id))}
      >
        Download
      </ActionButton>
    </Group>
  );
}

function FileFacts({ of }: { of: Package }) {
  return (
    <Facts
      facts={[
        ["File", `${of.PackageId}.${of.Version}${of.FileExtension}`],
        [
          "Size",
          <span key="size" className="numbers">
            {sizeOf(of.PackageSizeBytes)}
          </span>,
        ],
        ["Pushed", of.Published && <Ago key="pushed" at={of.Published} />],
        ["By", of.LastModifiedBy],
        ["SHA-1", <code key="hash">{of.Hash}</code>],
        ["Title", of.Title === of.PackageId ? "" : of.Title],
      ]}
    />
  );
}

function Words({ of }: { of: Package }) {
  return (
    <>
      {of.Description && (
        <Panel title="Description">
          <Prose text={of.Description} />
        </Panel>
      )}
      {of.ReleaseNotes && (
        <Panel title="Release notes">
          <Prose text={of.ReleaseNotes} />
        </Panel>
      )}
    </>
  );
}
