import { Anchor, Button, CopyButton, Group, Stack, Switch, Text } from "@mantine/core";
import { IconCheck, IconCopy, IconKey } from "@tabler/icons-react";
import { useState } from "react";
import { ErrorNotice } from "@/components/error-notice";
import { Panel } from "@/components/page";
import { Ago } from "@/components/time";
import type { Machine, Realm } from "../machines/realm";
import type { Finding, System } from "./agent-wizard";
import { linuxCommands, windowsCommands } from "./commands";
import { useAgentWish, useFreshKey } from "./use-agent-wish";
import { Waiting } from "./waiting";
import classes from "./wizard.module.css";

interface Props {
  realm: Realm;
  space: string;
  system: Exclude<System, "there">;
  listens: boolean;
  machine: Machine;
  finding: Finding;
}

/** The commands for the machine, as soon as all that they say is known, and what became of them. */
export function CommandsPanel({ realm, space, system, listens, machine, finding }: Props) {
  const [asService, setAsService] = useState(false);
  const key = useFreshKey(machine.Name);
  const { wish, missing } = useAgentWish({ realm, space, listens, machine, finding, asService, apiKey: key.apiKey });
  const commands = wish && (system === "linux" ? linuxCommands(wish) : windowsCommands(wish));
  return (
    <Stack>
      <Panel title="2. What to say on the machine" aside={commands && <Copy text={commands} />}>
        <Stack gap="sm">
          <Text size="sm">{system === "linux" ? <LinuxNeeds /> : <WindowsNeeds />}</Text>
          {commands ? (
            <>
              {system === "linux" && (
                <Switch
                  label="As a service that starts with the machine"
                  checked={asService}
                  onChange={(event) => setAsService(event.currentTarget.checked)}
                />
              )}
              <Key fresh={key} />
              <Commands text={commands} />
            </>
          ) : (
            <Text size="sm" c="dimmed" role="status">
              The command stands here when you have entered {missing}.
            </Text>
          )}
        </Stack>
      </Panel>
      {wish && (
        <Panel title="3. Wait for the agent">
          <Waiting key={wish.name} realm={realm} space={space} name={wish.name} />
        </Panel>
      )}
    </Stack>
  );
}

function Commands({ text }: { text: string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className={classes.commands} tabIndex={0} aria-label="Commands">
      {text}
    </section>
  );
}

function LinuxNeeds() {
  return (
    <>
      The machine needs Linux, Python 3.11 or newer, and Polpo itself: install there the package that this server was
      installed from. All that is deployed runs as the user who runs the agent.
    </>
  );
}

function WindowsNeeds() {
  return (
    <>
      Install Octopus Deploy's Tentacle first (<Anchor href="https://octopus.com/downloads/tentacle">download</Anchor>
      ), then say this in PowerShell as an administrator.
    </>
  );
}

function Copy({ text }: { text: string }) {
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          onClick={copy}
        >
          {copied ? "Copied" : "Copy"}
        </Button>
      )}
    </CopyButton>
  );
}

function Key({ fresh }: { fresh: ReturnType<typeof useFreshKey> }) {
  if (fresh.expires)
    return (
      <Text size="sm" c="dimmed">
        The command has an API key of yours that was made for it. It expires <Ago at={fresh.expires} />.
      </Text>
    );
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Button
          variant="light"
          leftSection={<IconKey size={16} />}
          loading={fresh.isPending}
          onClick={() => fresh.make()}
        >
          Put a fresh API key into it
        </Button>
        <Text size="sm" c="dimmed">
          It is good for a day. Or write one of yours in its place.
        </Text>
      </Group>
      {fresh.error != null && <ErrorNotice error={fresh.error} title="No API key was made" />}
    </Stack>
  );
}
