import { Badge, Group, Stack, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Channel, channelsQuery, lifecyclesQuery } from "@/api/reference";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { WideTable } from "@/components/wide-table";
import { useProject } from "./project-frame";

export function ChannelsTab() {
  const { space, project } = useProject();
  const channels = useQuery(channelsQuery(space, project.Id));
  const lifecycles = useQuery(lifecyclesQuery(space));
  const lifecycleOf = (channel: Channel) => {
    const id = channel.LifecycleId ?? project.LifecycleId;
    const name = lifecycles.data?.find((one) => one.Id === id)?.Name ?? id;
    return channel.LifecycleId ? name : `${name} (the project's)`;
  };
  return (
    <Panel flush>
      <Loaded query={channels} what="The channels">
        {(list) => (
          <WideTable minWidth={480}>
            <Table>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>Channel</Table.Th>
                  <Table.Th>Lifecycle</Table.Th>
                  <Table.Th>Package versions</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {list.map((channel) => (
                  <Table.Tr key={channel.Id}>
                    <Table.Td>
                      <Group gap="xs">
                        <Text fw={500}>{channel.Name}</Text>
                        {channel.IsDefault && <Badge>Default</Badge>}
                      </Group>
                      {channel.Description && (
                        <Text size="sm" c="dimmed">
                          {channel.Description}
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td>{lifecycleOf(channel)}</Table.Td>
                    <Table.Td>
                      <Rules channel={channel} />
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </WideTable>
        )}
      </Loaded>
    </Panel>
  );
}

function Rules({ channel }: { channel: Channel }) {
  if (channel.Rules.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        Any
      </Text>
    );
  }
  return (
    <Stack gap={4}>
      {channel.Rules.map((rule) => (
        <Text key={rule.Id} size="sm">
          {rule.ActionPackages.map((one) => one.DeploymentAction).join(", ")}: {rule.VersionRange || "any version"}
          {rule.Tag && `, pre-release ${rule.Tag}`}
        </Text>
      ))}
    </Stack>
  );
}
