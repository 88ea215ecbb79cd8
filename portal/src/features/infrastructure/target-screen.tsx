import { Button, Grid, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Shape } from "@/api/client";
import { type Target, useEnvironmentNames } from "@/api/reference";
import { Facts } from "@/components/facts";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { StateBadge } from "@/components/state";
import { Tags } from "@/components/tags";
import { Ago } from "@/components/time";
import { notifyError } from "@/lib/notify";
import { clockTime } from "@/lib/time";
import { connectionQuery, healthOf, kindOf, targetQuery, useEnable } from "./api";
import { CheckButton } from "./check-button";
import classes from "./target-screen.module.css";

export function TargetScreen() {
  const { space, target: id } = useParams({ from: "/shell/app/$space/infrastructure/targets/$target" });
  const target = useQuery(targetQuery(space, id));
  const connection = useQuery(connectionQuery(space, id));
  const health = target.data && healthOf(target.data);
  return (
    <Page
      title={target.data?.Name ?? id}
      crumbs={[{ text: "Targets", to: `/app/${space}/infrastructure/targets` }]}
      aside={health && <StateBadge of={health.of} word={health.word} />}
      description={target.data?.StatusSummary}
      actions={
        target.data && (
          <>
            <CheckButton space={space} targets={target.data.IsDisabled ? [] : [target.data.Id]} />
            <EnableButton space={space} target={target.data} />
          </>
        )
      }
    >
      <Loaded query={target} what="The target">
        {(data) => (
          <Grid gap="md">
            <Grid.Col span={{ base: 12, md: 5 }}>
              <Panel title="Settings">
                <Facts facts={factsOf(data, connection.data, space)} />
              </Panel>
            </Grid.Col>
            <Grid.Col span={{ base: 12, md: 7 }}>
              <Panel title="Connection" aside={<LastChecked at={connection.data?.LastChecked ?? null} />}>
                <ConnectionLog lines={connection.data?.Logs ?? []} />
              </Panel>
            </Grid.Col>
          </Grid>
        )}
      </Loaded>
    </Page>
  );
}

function LastChecked({ at }: { at: string | null }) {
  return (
    <Text size="sm" c="dimmed">
      {at ? (
        <>
          Checked <Ago at={at} />
        </>
      ) : (
        "Not checked yet"
      )}
    </Text>
  );
}

type Connection = Shape<"MachineConnectionStatus"> | undefined;

function factsOf(target: Target, connection: Connection, space: string): [string, ReactNode][] {
  return [
    ["Environments", <EnvironmentNames key="environments" ids={target.EnvironmentIds} space={space} />],
    ["Target tags", <Tags key="roles" words={target.Roles} />],
    ["Reached by", kindOf(target.Endpoint)],
    ["Address", target.Uri],
    ["Thumbprint", target.Thumbprint && <span className={classes.thumbprint}>{target.Thumbprint}</span>],
    ["Agent", connection?.CurrentTentacleVersion],
    ["System", target.OperatingSystem === "Unknown" ? null : target.OperatingSystem],
    ["Shell", target.ShellName === "Unknown" ? null : `${target.ShellName} ${target.ShellVersion}`],
    ["Id", target.Id],
  ];
}

function EnvironmentNames({ ids, space }: { ids: string[]; space: string }) {
  const nameOf = useEnvironmentNames(space);
  return <Tags words={ids.map(nameOf)} color="plum" />;
}

function ConnectionLog({ lines }: { lines: Shape<"ConnectionLogLine">[] }) {
  if (lines.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        What the health check finds is shown here.
      </Text>
    );
  }
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

function EnableButton({ space, target }: { space: string; target: Target }) {
  const enabling = useEnable(space, target);
  const change = () =>
    enabling.mutate(target.IsDisabled, { onError: (error) => notifyError("The target was not changed", error) });
  return (
    <Button variant="default" loading={enabling.isPending} onClick={change}>
      {target.IsDisabled ? "Enable" : "Disable"}
    </Button>
  );
}
