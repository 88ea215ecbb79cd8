import { Group } from "@mantine/core";
import { IconHeartbeat } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { DeleteButton } from "@/components/delete-button";
import { Loaded } from "@/components/loaded";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { notifyError } from "@/lib/notify";
import { addressOf, healthOf, kindOf } from "../kinds";
import { ScreenTabs, useOpenTab } from "../tabs";
import { machineQuery, useDeleteMachine, useSaveMachine, useStartTask } from "./api";
import { ConnectionTab } from "./connection-tab";
import { EventsTab } from "./events-tab";
import type { Machine, Realm } from "./realm";
import { SettingsTab } from "./settings-tab";
import { TasksTab } from "./tasks-tab";

const TABS = [
  ["connection", "Connection"],
  ["settings", "Settings"],
  ["tasks", "Deployments and tasks"],
  ["events", "Events"],
] as const;

/** Everything about one target or worker. */
export function MachineScreen({ realm, space, id }: { realm: Realm; space: string; id: string }) {
  const machine = useQuery(machineQuery(realm, space, id));
  const open = useOpenTab(TABS);
  const health = machine.data && healthOf(machine.data);
  const list = realm.kind === "machines" ? "targets" : "workers";
  return (
    <Page
      title={machine.data?.Name ?? id}
      crumbs={[{ text: realm.kind === "machines" ? "Targets" : "Workers", to: `/app/${space}/infrastructure/${list}` }]}
      aside={health && <StateBadge of={health.of} word={health.word} />}
      description={machine.data && describe(machine.data)}
      actions={machine.data && <Actions realm={realm} space={space} machine={machine.data} />}
      tabs={<ScreenTabs label={`About this ${realm.one}`} tabs={TABS} />}
    >
      <Loaded query={machine} what={`The ${realm.one}`}>
        {(data) => {
          const props = { realm, space, machine: data };
          if (open === "settings") return <SettingsTab key={data.Id} {...props} />;
          if (open === "tasks") return <TasksTab {...props} />;
          if (open === "events") return <EventsTab space={space} id={data.Id} />;
          return <ConnectionTab {...props} />;
        }}
      </Loaded>
    </Page>
  );
}

function describe(machine: Machine): string {
  return [kindOf(machine.Endpoint), addressOf(machine)].filter(Boolean).join(" · ");
}

function Actions({ realm, space, machine }: { realm: Realm; space: string; machine: Machine }) {
  const navigate = useNavigate();
  const starting = useStartTask(space);
  const saving = useSaveMachine(realm, space);
  const deleting = useDeleteMachine(realm, space);
  const place = { space, environment: (machine as { EnvironmentIds?: string[] }).EnvironmentIds?.[0] };
  const check = () =>
    starting.mutate(
      { Name: "Health", Description: `Check the health of ${machine.Name}`, Arguments: { MachineIds: [machine.Id] } },
      {
        onSuccess: (task) => navigate({ to: "/app/$space/tasks/$task", params: { space, task: task.Id } }),
        onError: (error) => notifyError("The health was not checked", error),
      },
    );
  const enable = () =>
    saving.mutate(
      { ...machine, IsDisabled: !machine.IsDisabled },
      { onError: (error) => notifyError(`The ${realm.one} was not changed`, error) },
    );
  return (
    <Group gap="xs">
      <ActionButton
        variant="default"
        leftSection={<IconHeartbeat size={16} />}
        need={{ permission: "TaskCreate", ...place }}
        barred={machine.IsDisabled ? "It is disabled, and what is disabled is not checked." : null}
        loading={starting.isPending}
        onClick={check}
      >
        Check health
      </ActionButton>
      <ActionButton
        variant="default"
        need={{ permission: realm.edit, ...place }}
        loading={saving.isPending}
        onClick={enable}
      >
        {machine.IsDisabled ? "Enable" : "Disable"}
      </ActionButton>
      <DeleteButton
        what={machine.Name}
        need={{ permission: realm.remove, ...place }}
        deleting={() => deleting.mutateAsync(machine.Id)}
        onDeleted={() =>
          realm.kind === "machines"
            ? navigate({ to: "/app/$space/infrastructure/targets", params: { space } })
            : navigate({ to: "/app/$space/infrastructure/workers", params: { space } })
        }
      >
        {realm.kind === "machines" ? "It is deployed to no more." : "It runs no more steps."} What runs on the machine
        itself stays as it is; an agent there waits on.
      </DeleteButton>
    </Group>
  );
}
