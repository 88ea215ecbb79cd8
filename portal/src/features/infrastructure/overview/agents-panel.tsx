import { Group, Text } from "@mantine/core";
import { IconArrowUpCircle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { Confirm } from "@/components/confirm";
import { Notice } from "@/components/notice";
import { ActionButton } from "@/components/permitted";
import { notifyError } from "@/lib/notify";
import { entranceQuery } from "../entrance";
import { useStartTask } from "../machines/api";

interface Props {
  space: string;
  targets: Shape<"EnvironmentsSummary">;
  workers: Shape<"WorkerPoolsSummary"> | undefined;
}

/** Says how many agents are older than the one that this server brings, and updates them all in one task. */
export function OldAgents({ space, targets, workers }: Props) {
  const brought = useQuery(entranceQuery).data?.AgentVersion;
  const starting = useStartTask(space);
  const navigate = useNavigate();
  const [asks, setAsks] = useState(false);
  const ofWorkers = workers?.MachineIdsForTentacleUpgrade ?? [];
  const ids = [...targets.MachineIdsForTentacleUpgrade, ...ofWorkers];
  if (ids.length === 0) return null;
  const agents = ids.length === 1 ? "1 agent is" : `${ids.length.toLocaleString("en-US")} agents are`;
  const update = () =>
    starting.mutate(
      { Name: "Upgrade", Arguments: { MachineIds: ids } },
      {
        onSuccess: (task) => navigate({ to: "/app/$space/tasks/$task", params: { space, task: task.Id } }),
        onError: (error) => notifyError("The agents were not updated", error),
      },
    );
  return (
    <Notice tone="waiting" icon={IconArrowUpCircle}>
      <Group justify="space-between" gap="sm">
        <Text size="sm">
          {agents} older than version {brought ?? "…"}, which this server brings along.
        </Text>
        <ActionButton
          size="compact-sm"
          variant="default"
          need={{ permission: ofWorkers.length === ids.length ? "WorkerEdit" : "MachineEdit", space }}
          onClick={() => setAsks(true)}
        >
          Update them all
        </ActionButton>
      </Group>
      <Confirm
        opened={asks}
        title="Update the agents?"
        action="Update"
        pending={starting.isPending}
        onConfirm={update}
        onClose={() => setAsks(false)}
      >
        Each new version is tried beside the one that runs, and the old one goes on where the new one cannot answer.
        Scripts that run are not disturbed. You are led to the task, which tells of each machine.
      </Confirm>
    </Notice>
  );
}
