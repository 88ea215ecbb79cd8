import { Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { notifyError } from "@/lib/notify";
import { entranceQuery } from "../entrance";
import { useStartTask } from "./api";
import type { Machine, Realm } from "./realm";

interface Props {
  realm: Realm;
  space: string;
  machine: Machine;
  found: string | null | undefined;
}

/** The version of the agent beside the one that this server brings, and the update. */
export function AgentVersion({ realm, space, machine, found }: Props) {
  const brought = useQuery(entranceQuery).data?.AgentVersion;
  const starting = useStartTask(space);
  const navigate = useNavigate();
  const details = machine.Endpoint.TentacleVersionDetails;
  const version = details?.Version ?? found;
  const isForeign = Boolean(details?.UpgradeLocked);
  const update = () =>
    starting.mutate(
      { Name: "Upgrade", Arguments: { MachineIds: [machine.Id] } },
      {
        onSuccess: (task) => navigate({ to: "/app/$space/tasks/$task", params: { space, task: task.Id } }),
        onError: (error) => notifyError("The agent was not updated", error),
      },
    );
  return (
    <Panel title="Agent">
      <Stack gap="sm">
        <Group gap="sm">
          <Text size="sm">{version ? `Version ${version}` : "Its version is told by the next health check."}</Text>
          {details?.UpgradeSuggested && <StateBadge of="warning" word="Old" />}
        </Group>
        <Text size="sm" c="dimmed">
          {isForeign
            ? "It is an agent of Octopus Deploy, which its own installer updates."
            : `This server brings version ${brought ?? "…"} along.`}
        </Text>
        {!isForeign && (
          <div>
            <ActionButton
              variant="default"
              need={{ permission: realm.edit, space }}
              barred={barredBy(machine, version, Boolean(details?.UpgradeSuggested))}
              loading={starting.isPending}
              onClick={update}
            >
              Update the agent
            </ActionButton>
          </div>
        )}
      </Stack>
    </Panel>
  );
}

function barredBy(machine: Machine, version: string | null | undefined, isOld: boolean): string | null {
  if (machine.IsDisabled) return "It is disabled; enable it first.";
  if (version && !isOld) return "It has the version that this server brings.";
  return null;
}
