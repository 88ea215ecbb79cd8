import { Badge, Group, Stack, Text } from "@mantine/core";
import { IconGitFork, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Channel, lifecyclesQuery, type Project } from "@/api/reference";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { ActionButton } from "@/components/permitted";
import { Tags } from "@/components/tags";
import { useList } from "@/lib/use-list";
import { useProject } from "@/lib/use-project";
import { AddChannel } from "./add-channel";
import { channelPageQuery, tagOf } from "./api";
import { ruleWords } from "./rules";

/** The streams of releases of a project. */
export function ChannelsTab() {
  const { space, project } = useProject();
  const [adding, setAdding] = useState(false);
  const list = useList();
  const channels = useQuery(channelPageQuery(space, project.Id, list));
  const lifecycles = useQuery(lifecyclesQuery(space)).data ?? [];
  const nameOf = (id: string) => lifecycles.find((one) => one.Id === id)?.Name ?? id;
  const add = (
    <ActionButton
      need={{ permission: "ProcessEdit", space, project: project.Id }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      Add a channel
    </ActionButton>
  );
  return (
    <>
      <Group justify="space-between" mb="md" gap="xs">
        <Text size="sm" c="dimmed">
          Each release belongs to a channel, which says where it may go and which versions it may have.
        </Text>
        {add}
      </Group>
      <ListPanel
        what="The channels"
        list={list}
        query={channels}
        find="Find by name"
        empty={
          <EmptyState icon={IconGitFork} title="No channel that you may see" action={add}>
            Every project has a channel; ask for the right to see this one's.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label="Channels"
            rows={items}
            columns={columnsOf(space, project, nameOf)}
            keyOf={(one) => one.Id}
          />
        )}
      </ListPanel>
      {adding && <AddChannel space={space} project={project} onClose={() => setAdding(false)} />}
    </>
  );
}

function columnsOf(space: string, project: Project, lifecycleOf: (id: string) => string): Column<Channel>[] {
  const to = "/app/$space/projects/$project/channels/$channel";
  return [
    {
      head: "Channel",
      cell: (one) => (
        <NameCell
          name={
            <Group gap="xs">
              <TextLink to={to} params={{ space, project: project.Slug, channel: one.Id }}>
                {one.Name}
              </TextLink>
              {one.IsDefault && <Badge>Default</Badge>}
            </Group>
          }
        >
          {one.Description}
        </NameCell>
      ),
    },
    {
      head: "Lifecycle",
      wideOnly: true,
      cell: (one) =>
        one.Type === "EphemeralEnvironment"
          ? "Ephemeral environments"
          : one.LifecycleId
            ? lifecycleOf(one.LifecycleId)
            : `${lifecycleOf(project.LifecycleId)} (the project's)`,
    },
    { head: "Takes", wideOnly: true, cell: (one) => <Takes channel={one} /> },
  ];
}

function Takes({ channel }: { channel: Channel }) {
  const git = channel.GitReferenceRules.length > 0 && `branches and tags like ${channel.GitReferenceRules.join(", ")}`;
  if (channel.Rules.length === 0 && !git && channel.TenantTags.length === 0) return <Text c="dimmed">Anything</Text>;
  return (
    <Stack gap={4}>
      {channel.Rules.map((rule) => (
        <Text key={rule.Id} size="sm">
          {rule.ActionPackages.map((one) => one.DeploymentAction).join(", ")}: {ruleWords(rule, tagOf(rule))}
        </Text>
      ))}
      {git && <Text size="sm">{git}</Text>}
      {channel.TenantTags.length > 0 && <Tags words={channel.TenantTags} />}
    </Stack>
  );
}
