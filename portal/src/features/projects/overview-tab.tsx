import { Button, Group, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { Loaded } from "@/components/loaded";
import { Prose } from "@/components/markdown";
import { Panel } from "@/components/page";
import { firstLineOf } from "@/lib/first-line";
import { useProject } from "@/lib/use-project";
import { ChannelTable } from "./channel-table";
import { NoRelease } from "./no-release";
import { type Progression, progressionQuery } from "./progression";
import { type ChannelProgress, channelsOf } from "./progression-table";

const FIRST = 15;
const MORE = 30;
/** The server tells no more. */
const MOST = 500;

/** Releases against environments, channel by channel, with the next step of each release at hand. */
export function OverviewTab() {
  const { space, project } = useProject();
  const [count, setCount] = useState(FIRST);
  const progression = useQuery(progressionQuery(space, project.Id, count));
  const isLong = project.Description.trim() !== firstLineOf(project.Description);
  return (
    <Stack gap="lg">
      {isLong && (
        <Panel>
          <Prose text={project.Description} />
        </Panel>
      )}
      <Loaded query={progression} what="The progression" rows={8}>
        {(data) =>
          data.Releases.length === 0 ? (
            <Panel>
              <NoRelease space={space} project={project} />
            </Panel>
          ) : (
            <>
              <Channels data={data} />
              {data.Releases.length >= count && count < MOST && (
                <Group justify="center">
                  <Button
                    variant="default"
                    loading={progression.isPlaceholderData}
                    onClick={() => setCount(Math.min(count + MORE, MOST))}
                  >
                    Show more releases
                  </Button>
                </Group>
              )}
            </>
          )
        }
      </Loaded>
    </Stack>
  );
}

function Channels({ data }: { data: Progression }) {
  const { space, project } = useProject();
  const { channel } = useSearch({ from: "/shell/app/$space/projects/$project/" });
  const channels = channelsOf(data);
  const shown = channel ? channels.filter((one) => one.id === channel) : channels;
  return (
    <Stack gap="lg">
      {(channels.length > 1 || channel) && <ChannelFilter channels={channels} chosen={channel} />}
      {shown.map((one) => (
        <ChannelTable key={one.id} space={space} project={project} channel={one} isOnly={channels.length === 1} />
      ))}
      {shown.length === 0 && (
        <Text size="sm" c="dimmed">
          None of the newest releases is in this channel.
        </Text>
      )}
    </Stack>
  );
}

function ChannelFilter({ channels, chosen }: { channels: ChannelProgress[]; chosen: string | undefined }) {
  const navigate = useNavigate({ from: "/app/$space/projects/$project/" });
  return (
    <Select
      aria-label="Channel"
      placeholder="All channels"
      clearable
      w={240}
      data={channels.map((one) => ({ value: one.id, label: one.name }))}
      value={chosen ?? null}
      onChange={(channel) => void navigate({ search: (old) => ({ ...old, channel: channel ?? undefined }) })}
    />
  );
}
