import { Group, Stack, Text } from "@mantine/core";
import { type UseQueryOptions, useQuery } from "@tanstack/react-query";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Ago } from "@/components/time";
import type { PackageUsage } from "./api";

interface Props {
  space: string;
  // biome-ignore lint/suspicious/noExplicitAny: the key's shape is of no interest here
  query: UseQueryOptions<PackageUsage, Error, PackageUsage, any>;
}

/** Which releases and runbook snapshots were made with a version, and which projects take the package today. */
export function UsagePanel({ space, query }: Props) {
  const usage = useQuery(query);
  return (
    <Panel title="Used by">
      <Loaded query={usage} what="What uses it" rows={2}>
        {(found) => <Users space={space} found={found} />}
      </Loaded>
    </Panel>
  );
}

function Users({ space, found }: { space: string; found: PackageUsage }) {
  const isUnused = found.Releases.length + found.RunbookSnapshots.length + found.Projects.length === 0;
  if (isUnused) {
    return (
      <Text size="sm" c="dimmed">
        No release, no runbook snapshot and no step uses it.
      </Text>
    );
  }
  return (
    <Stack gap="md">
      <Part title="Releases with this version" none="None yet." isEmpty={found.Releases.length === 0}>
        {found.Releases.map((one) => (
          <Line key={one.Id} at={one.Assembled}>
            <TextLink to="/app/$space/releases/$release" params={{ space, release: one.Id }} size="sm">
              {one.ProjectName} {one.Name}
            </TextLink>
          </Line>
        ))}
      </Part>
      {found.RunbookSnapshots.length > 0 && (
        <Part title="Runbook snapshots with this version">
          {found.RunbookSnapshots.map((one) => (
            <Line key={one.Id} at={one.Assembled}>
              {one.ProjectName}: {one.Name}
            </Line>
          ))}
        </Part>
      )}
      {found.Projects.length > 0 && (
        <Part title="Projects whose steps take the package">
          {found.Projects.map((one) => (
            <Line key={one.Id} at={null}>
              <TextLink to="/app/$space/projects/$project" params={{ space, project: one.Slug }} size="sm">
                {one.Name}
              </TextLink>
            </Line>
          ))}
        </Part>
      )}
    </Stack>
  );
}

interface PartProps {
  title: string;
  none?: string;
  isEmpty?: boolean;
  children: React.ReactNode;
}

function Part({ title, none, isEmpty, children }: PartProps) {
  return (
    <Stack gap={4}>
      <Text size="xs" c="dimmed" fw={500}>
        {title}
      </Text>
      {isEmpty ? <Text size="sm">{none}</Text> : children}
    </Stack>
  );
}

function Line({ at, children }: { at: string | null; children: React.ReactNode }) {
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      <Text size="sm" component="div" style={{ overflowWrap: "anywhere", minWidth: 0 }}>
        {children}
      </Text>
      {at && (
        <Text size="xs" c="dimmed" style={{ flex: "none" }}>
          <Ago at={at} />
        </Text>
      )}
    </Group>
  );
}
