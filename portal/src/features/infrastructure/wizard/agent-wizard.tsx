import { Grid, SegmentedControl, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { Panel } from "@/components/page";
import { type Fields, useForm } from "@/lib/use-form";
import { newEndpoint } from "../endpoints/starts";
import type { Machine, Realm } from "../machines/realm";
import { CommandsPanel } from "./commands-panel";
import { DiscoverWizard } from "./discover-wizard";
import { PlaceFieldsWithName } from "./endpoint-wizard";
import { newMachine } from "./start";

export type System = "linux" | "windows" | "there";

/** How this server finds a listening agent. */
export interface Finding {
  PublicHost: string;
  Port: string;
}

interface Props {
  realm: Realm;
  space: string;
  style: "TentacleActive" | "TentaclePassive";
}

const SYSTEMS = [
  { value: "linux", label: "Linux" },
  { value: "windows", label: "Windows" },
];

/** From a machine without an agent to a healthy one: what it is to be, the command to say there, and the wait for it. */
export function AgentWizard({ realm, space, style }: Props) {
  const [system, setSystem] = useState<System>("linux");
  const listens = style === "TentaclePassive";
  const form = useForm<Machine>(newMachine(realm, newEndpoint(style)), null);
  const finding = useForm<Finding>({ PublicHost: "", Port: "10933" }, null);
  return (
    <Stack maw={1200}>
      <div>
        <SegmentedControl
          aria-label="The machine's system"
          data={listens ? [...SYSTEMS, { value: "there", label: "The agent runs already" }] : SYSTEMS}
          value={system}
          onChange={(value) => setSystem(value as System)}
        />
      </div>
      {system === "there" ? (
        <DiscoverWizard realm={realm} space={space} />
      ) : (
        <Grid gap="md">
          <Grid.Col span={{ base: 12, md: 5 }}>
            <Panel title={realm.kind === "machines" ? "1. What the target is to be" : "1. What the worker is to be"}>
              <Stack>
                <PlaceFieldsWithName realm={realm} space={space} form={form} />
                {listens && <FindingFields form={finding} />}
              </Stack>
            </Panel>
          </Grid.Col>
          <Grid.Col span={{ base: 12, md: 7 }}>
            <CommandsPanel
              realm={realm}
              space={space}
              system={system}
              listens={listens}
              machine={form.value}
              finding={finding.value}
            />
          </Grid.Col>
        </Grid>
      )}
    </Stack>
  );
}

function FindingFields({ form }: { form: Fields<Finding> }) {
  return (
    <>
      <TextInput
        label="Address of the machine"
        description="A name or an address by which this server finds it."
        placeholder="web-1.example.com"
        {...form.field("PublicHost")}
      />
      <TextInput label="Port" {...form.field("Port")} />
      <Text size="sm" c="dimmed">
        The machine's firewall has to let this server in at that port.
      </Text>
    </>
  );
}
