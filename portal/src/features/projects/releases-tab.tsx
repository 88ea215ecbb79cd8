import { Badge, Table, Text } from "@mantine/core";
import { IconTag } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Channel, channelsQuery } from "@/api/reference";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Pages } from "@/components/pages";
import { Ago } from "@/components/time";
import { WideTable } from "@/components/wide-table";
import { PAGE_SIZE, type Release, releasesQuery } from "./api";
import { useProject } from "./project-frame";

export function ReleasesTab() {
  const { space, project } = useProject();
  const [page, setPage] = useState(1);
  const releases = useQuery(releasesQuery(space, project.Id, page));
  const channels = useQuery(channelsQuery(space, project.Id));
  return (
    <Panel flush>
      <Loaded query={releases} what="The releases">
        {({ Items, TotalResults }) =>
          Items.length === 0 ? (
            <EmptyState icon={IconTag} title="No release yet">
              A release fixes the process, the variables and the package versions, so that every environment gets the
              same. Create the first one above.
            </EmptyState>
          ) : (
            <>
              <ReleaseTable releases={Items} channels={channels.data ?? []} space={space} project={project.Slug} />
              <Pages total={TotalResults} size={PAGE_SIZE} page={page} onPage={setPage} />
            </>
          )
        }
      </Loaded>
    </Panel>
  );
}

interface TableProps {
  releases: Release[];
  channels: Channel[];
  space: string;
  project: string;
}

function ReleaseTable({ releases, channels, space, project }: TableProps) {
  return (
    <WideTable minWidth={480}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={200}>Release</Table.Th>
            <Table.Th w={160}>Channel</Table.Th>
            <Table.Th>Notes</Table.Th>
            <Table.Th w={160}>Created</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {releases.map((release) => (
            <Table.Tr key={release.Id}>
              <Table.Td>
                <TextLink
                  to="/app/$space/projects/$project/releases/$version"
                  params={{ space, project, version: release.Version }}
                  c="inherit"
                  fw={500}
                >
                  {release.Version}
                </TextLink>
              </Table.Td>
              <Table.Td>
                <Badge color="gray">{channels.find((one) => one.Id === release.ChannelId)?.Name ?? "…"}</Badge>
              </Table.Td>
              <Table.Td>
                <Text size="sm" c="dimmed" lineClamp={1}>
                  {release.ReleaseNotes?.split("\n")[0]}
                </Text>
              </Table.Td>
              <Table.Td c="dimmed">{release.Assembled && <Ago at={release.Assembled} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
