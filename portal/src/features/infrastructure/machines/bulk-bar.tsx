import { Button, Group, Menu, Text } from "@mantine/core";
import { IconChevronDown, IconHeartbeat } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { sentenceOf } from "@/api/errors";
import { Confirm } from "@/components/confirm";
import bar from "@/components/form.module.css";
import { ActionButton, ActionItem } from "@/components/permitted";
import { notifyDone, notifyError } from "@/lib/notify";
import { hasAgent } from "../kinds";
import { type BulkDeed, type Outcome, useBulk, useStartTask } from "./api";

import type { Machine, Realm } from "./realm";

interface Props {
  realm: Realm;
  space: string;
  chosen: readonly Machine[];
  onClear: () => void;
}

/** What can be done to the machines that are chosen. Stays in sight while the list is scrolled. */
export function BulkBar({ realm, space, chosen, onClear }: Props) {
  const bulk = useBulk(realm, space);
  const start = useStart(realm, space);
  const [isDeleting, setDeleting] = useState(false);
  if (chosen.length === 0) return null;
  const what = chosen.length === 1 ? `1 ${realm.one}` : `${chosen.length} ${realm.many}`;
  const run = (deed: BulkDeed) =>
    bulk.mutate(
      { machines: chosen, deed },
      {
        onSuccess: (outcome) => {
          tell(realm, deed, outcome);
          setDeleting(false);
          onClear();
        },
      },
    );
  const enabled = chosen.filter((one) => !one.IsDisabled);
  const agents = enabled.filter((one) => hasAgent(one.Endpoint));
  const edit = { permission: realm.edit, space };
  return (
    <section className={bar.bar} aria-label={`What to do with the ${realm.many} that are chosen`}>
      <Group gap="xs">
        <Text size="sm" fw={500}>
          {what} chosen
        </Text>
        <Button variant="subtle" size="compact-sm" onClick={onClear}>
          Choose none
        </Button>
      </Group>
      <Group gap="xs">
        <ActionButton
          variant="default"
          leftSection={<IconHeartbeat size={16} />}
          need={{ permission: "TaskCreate", space }}
          barred={enabled.length === 0 ? "All of them are disabled, and disabled ones are not checked." : null}
          loading={start.isPending}
          onClick={() => start.run("Health", `Check the health of ${what}`, enabled)}
        >
          Check health
        </ActionButton>
        <ActionButton variant="default" need={edit} loading={bulk.isPending} onClick={() => run("enable")}>
          Enable
        </ActionButton>
        <ActionButton variant="default" need={edit} loading={bulk.isPending} onClick={() => run("disable")}>
          Disable
        </ActionButton>
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" rightSection={<IconChevronDown size={14} />}>
              More
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <ActionItem
              need={edit}
              barred={agents.length === 0 ? "None of them is enabled and has an agent." : null}
              onClick={() => start.run("Upgrade", undefined, agents)}
            >
              Update agents
            </ActionItem>
            <ActionItem color="red" need={{ permission: realm.remove, space }} onClick={() => setDeleting(true)}>
              Delete
            </ActionItem>
          </Menu.Dropdown>
        </Menu>
      </Group>
      <Confirm
        opened={isDeleting}
        title={`Delete ${what}?`}
        action="Delete"
        danger
        pending={bulk.isPending}
        onConfirm={() => run("delete")}
        onClose={() => setDeleting(false)}
      >
        {namesOf(chosen)} {chosen.length === 1 ? "is" : "are"} taken out of deployments for good. What runs on the
        machines themselves stays as it is.
      </Confirm>
    </section>
  );
}

function useStart(realm: Realm, space: string) {
  const starting = useStartTask(space);
  const navigate = useNavigate();
  const run = (name: "Health" | "Upgrade", description: string | undefined, machines: readonly Machine[]) =>
    starting.mutate(
      { Name: name, Description: description, Arguments: { MachineIds: machines.map((one) => one.Id) } },
      {
        onSuccess: (task) => navigate({ to: "/app/$space/tasks/$task", params: { space, task: task.Id } }),
        onError: (error) => notifyError(`The ${realm.many} were left as they are`, error),
      },
    );
  return { run, isPending: starting.isPending };
}

const DONE: Record<BulkDeed, string> = { enable: "enabled", disable: "disabled", delete: "deleted" };

function tell(realm: Realm, deed: BulkDeed, { done, refused }: Outcome) {
  if (done > 0) notifyDone(`${done === 1 ? `1 ${realm.one} is` : `${done} ${realm.many} are`} ${DONE[deed]}.`);
  for (const { name, error } of refused.slice(0, 3)) notifyError(`${name} was not ${DONE[deed]}`, error);
  const rest = refused.slice(3);
  if (rest.length > 0) {
    const first = rest[0] ? ` ${sentenceOf(rest[0].error)}` : "";
    notifyError(`${rest.length} more were not ${DONE[deed]}`, new Error(`The first of them:${first}`));
  }
}

function namesOf(machines: readonly Machine[]): string {
  const names = machines.slice(0, 5).map((one) => one.Name);
  const more = machines.length - names.length;
  return more > 0 ? `${names.join(", ")} and ${more} more` : names.join(", ");
}
