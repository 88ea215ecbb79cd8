import { Badge, Select, Text } from "@mantine/core";
import { IconTag } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type Channel, channelsQuery, projectQuery } from "@/api/reference";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink, TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Permitted } from "@/components/permitted";
import { Ago } from "@/components/time";
import { useList } from "@/lib/use-list";
import type { Release } from "./api";
import { releasePageQuery } from "./list-api";

/** The releases of a project, newest first. */
export function ReleasesTab() {
  const { space, project: named } = useParams({ from: "/shell/app/$space/projects/$project/releases" });
  const project = useQuery(projectQuery(space, named));
  const projectId = project.data?.Id ?? "";
  const list = useList<"channel">();
  const shown = { q: list.q, page: list.page, channel: list.filters.channel };
  const releases = useQuery({ ...releasePageQuery(space, projectId, shown), enabled: projectId !== "" });
  const channels = useQuery({ ...channelsQuery(space, projectId), enabled: projectId !== "" }).data ?? [];
  return (
    <ListPanel
      what="The releases"
      list={list}
      query={releases}
      find="Find by version"
      filters={
        channels.length > 1 && (
          <Select
            aria-label="Channel"
            placeholder="All channels"
            clearable
            data={channels.map((one) => ({ value: one.Id, label: one.Name }))}
            value={list.filters.channel ?? null}
            onChange={(channel) => list.narrow({ channel })}
            w={190}
          />
        )
      }
      empty={<NoRelease space={space} project={named} projectId={projectId} />}
    >
      {(items) => (
        <DataTable label="Releases" rows={items} columns={columnsOf(space, named, channels)} keyOf={(one) => one.Id} />
      )}
    </ListPanel>
  );
}

function columnsOf(space: string, project: string, channels: Channel[]): Column<Release>[] {
  return [
    {
      head: "Release",
      cell: (one) => (
        <NameCell
          name={
            <TextLink
              to="/app/$space/projects/$project/releases/$version"
              params={{ space, project, version: one.Version }}
              c="inherit"
            >
              {one.Version}
            </TextLink>
          }
        >
          {one.ReleaseNotes && (
            <Text span size="sm" lineClamp={1}>
              {firstLineOf(one.ReleaseNotes)}
            </Text>
          )}
        </NameCell>
      ),
    },
    {
      head: "Channel",
      width: 170,
      wideOnly: true,
      cell: (one) => (
        <Badge color="gray">{channels.find((channel) => channel.Id === one.ChannelId)?.Name ?? "…"}</Badge>
      ),
    },
    {
      head: "Packages",
      width: 220,
      wideOnly: true,
      dimmed: true,
      cell: (one) => <Text size="sm">{packagesOf(one)}</Text>,
    },
    {
      head: "Created",
      width: 150,
      dimmed: true,
      cell: (one) => one.Assembled && <Ago at={one.Assembled} />,
    },
  ];
}

/** Without the marks of Markdown that a first line often begins with. */
function firstLineOf(notes: string): string {
  const line = notes.split("\n").find((one) => one.trim() !== "") ?? "";
  return line.replace(/^\s*(?:#+|[-*+]|\d+\.)\s+/, "").replace(/[*_`]/g, "");
}

function packagesOf(release: Release): string {
  const versions = [...new Set(release.SelectedPackages.map((one) => one.Version))];
  if (versions.length === 0) return "None";
  return versions.length > 2
    ? `${versions.slice(0, 2).join(", ")} and ${versions.length - 2} more`
    : versions.join(", ");
}

function NoRelease({ space, project, projectId }: { space: string; project: string; projectId: string }) {
  return (
    <EmptyState
      icon={IconTag}
      title="No release yet"
      action={
        <Permitted need={{ permission: "ReleaseCreate", space, project: projectId }}>
          {(isAllowed) => (
            <ButtonLink
              to="/app/$space/projects/$project/new-release"
              params={{ space, project }}
              disabled={!isAllowed}
            >
              Create a release
            </ButtonLink>
          )}
        </Permitted>
      }
    >
      A release fixes the process, the variables and the package versions, so that every environment gets the same.
    </EmptyState>
  );
}
