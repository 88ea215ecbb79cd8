import { Grid, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Shape } from "@/api/client";
import { useNames } from "@/api/things";
import { Facts } from "@/components/facts";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Tags } from "@/components/tags";
import { Ago } from "@/components/time";
import { clockTime } from "@/lib/time";
import { addressOf, hasAgent, kindOf } from "../kinds";
import { AgentVersion } from "./agent-version";
import { connectionQuery } from "./api";
import classes from "./machines.module.css";
import type { Machine, Realm, Target, Worker } from "./realm";

type Connection = Shape<"MachineConnectionStatus">;

/** What the last check found: what the machine is, and what was said about it. */
export function ConnectionTab({ realm, space, machine }: { realm: Realm; space: string; machine: Machine }) {
  const connection = useQuery(connectionQuery(realm, space, machine.Id));
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Stack>
          <Panel title="What it is">
            <Facts facts={factsOf(machine, connection.data, space)} />
          </Panel>
          {hasAgent(machine.Endpoint) && (
            <AgentVersion
              space={space}
              realm={realm}
              machine={machine}
              found={connection.data?.CurrentTentacleVersion}
            />
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <Panel title="Last health check" aside={<LastChecked connection={connection.data} />}>
          <Loaded query={connection} what="The last health check">
            {({ Logs }) => (
              <Stack gap="sm">
                <Text size="sm">{machine.StatusSummary}</Text>
                <ConnectionLog lines={Logs} />
              </Stack>
            )}
          </Loaded>
        </Panel>
      </Grid.Col>
    </Grid>
  );
}

function LastChecked({ connection }: { connection: Connection | undefined }) {
  if (!connection) return null;
  const { LastChecked: at, UnavailableSince: since } = connection;
  return (
    <Text size="sm" c="dimmed">
      {at ? <Ago at={at} /> : "Not checked yet"}
      {since && (
        <>
          {" · unavailable since "}
          <Ago at={since} />
        </>
      )}
    </Text>
  );
}

function factsOf(machine: Machine, connection: Connection | undefined, space: string): [string, ReactNode][] {
  const { EnvironmentIds, Roles, TenantIds = [], TenantTags = [] } = machine as Target;
  const { WorkerPoolIds } = machine as Worker;
  const { Endpoint: endpoint } = machine;
  const known = (text: string | null | undefined) => (text && text !== "Unknown" ? text : null);
  return [
    ["Environments", EnvironmentIds && <Names key="e" kind="environments" space={space} ids={EnvironmentIds} />],
    ["Worker pools", WorkerPoolIds && <Names key="w" kind="workerpools" space={space} ids={WorkerPoolIds} />],
    ["Target tags", Roles && <Tags key="r" words={Roles} />],
    ["Tenants", TenantIds.length > 0 && <Names key="t" kind="tenants" space={space} ids={TenantIds} />],
    ["Tenant tags", TenantTags.length > 0 && <Tags key="g" words={TenantTags} />],
    ["Reached by", kindOf(endpoint)],
    ["Address", addressOf(machine)],
    ["Subscription", endpoint.CommunicationStyle === "TentacleActive" && <Mono key="s">{machine.Uri}</Mono>],
    ["Thumbprint", machine.Thumbprint && <Mono key="p">{machine.Thumbprint}</Mono>],
    ["Fingerprint", endpoint.Fingerprint && <Mono key="f">{endpoint.Fingerprint}</Mono>],
    ["Agent", connection?.CurrentTentacleVersion],
    ["System", known(machine.OperatingSystemVersion) ?? known(machine.OperatingSystem)],
    ["Architecture", machine.Architecture],
    ["Shell", known(machine.ShellName) && `${machine.ShellName} ${known(machine.ShellVersion) ?? ""}`],
    ["Machine policy", <Policy key="m" space={space} id={machine.MachinePolicyId} />],
    ["Id", machine.Id],
  ].map(([name, value]) => [name, value === false ? null : value] as [string, ReactNode]);
}

function Mono({ children }: { children: ReactNode }) {
  return <span className={classes.mono}>{children}</span>;
}

function Names({
  kind,
  space,
  ids,
}: {
  kind: "environments" | "workerpools" | "tenants";
  space: string;
  ids: string[];
}) {
  const nameOf = useNames(kind, space, ids);
  return <Tags words={ids.map(nameOf)} color="plum" />;
}

function Policy({ space, id }: { space: string; id: string }) {
  const nameOf = useNames("machinepolicies", space, [id]);
  return (
    <TextLink to="/app/$space/infrastructure/machine-policies/$policy" params={{ space, policy: id }} size="sm">
      {nameOf(id)}
    </TextLink>
  );
}

function ConnectionLog({ lines }: { lines: Shape<"ConnectionLogLine">[] }) {
  return (
    <Stack gap={2} className={classes.lines}>
      {lines.map((line) => (
        <Group key={`${line.OccurredAt}${line.MessageText}`} gap="sm" wrap="nowrap" align="flex-start">
          <span className={classes.time}>{line.OccurredAt ? clockTime(line.OccurredAt) : ""}</span>
          <span data-level={line.Category}>{line.MessageText}</span>
        </Group>
      ))}
    </Stack>
  );
}
