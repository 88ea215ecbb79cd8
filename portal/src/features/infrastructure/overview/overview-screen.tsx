import { Grid, Stack } from "@mantine/core";
import { IconPlus, IconServer2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Shape } from "@/api/client";
import { useRights } from "@/api/rights";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { Permitted } from "@/components/permitted";
import { targetSummaryQuery, workerSummaryQuery } from "../summary";
import { OldAgents } from "./agents-panel";
import { Ailing } from "./ailing-panel";
import { ByEnvironment, ByPool } from "./by-place";
import { ByKind, ByTag } from "./chips";
import { Figures } from "./figures";

export function InfrastructureOverviewScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure" });
  const rights = useRights();
  const seesTargets = rights.holdsAnywhere("EnvironmentView", space);
  const seesWorkers = rights.holdsAnywhere("WorkerView", space);
  const targets = useQuery({ ...targetSummaryQuery(space), enabled: seesTargets });
  const workers = useQuery({ ...workerSummaryQuery(space), enabled: seesWorkers });
  const add = (
    <Permitted need={{ permission: "MachineCreate", space }}>
      {(may) => (
        <ButtonLink
          to="/app/$space/infrastructure/targets/new"
          params={{ space }}
          leftSection={<IconPlus size={16} />}
          disabled={!may}
        >
          Add a target
        </ButtonLink>
      )}
    </Permitted>
  );
  return (
    <Page title="Infrastructure" description="What releases are deployed to, and how it is." actions={add}>
      <Stack>
        {seesTargets && (
          <Loaded query={targets} what="The targets">
            {(summary) =>
              summary.TotalMachines === 0 && summary.EnvironmentSummaries.length === 0 ? (
                <Start space={space} />
              ) : (
                <Targets space={space} summary={summary} workers={workers.data} />
              )
            }
          </Loaded>
        )}
        {seesWorkers && (
          <Panel title="Workers by pool" flush>
            <Loaded query={workers} what="The workers" rows={2}>
              {(summary) => <ByPool space={space} summary={summary} />}
            </Loaded>
          </Panel>
        )}
      </Stack>
    </Page>
  );
}

function Start({ space }: { space: string }) {
  return (
    <Panel>
      <EmptyState
        icon={IconServer2}
        title="Begin with an environment"
        action={
          <ButtonLink to="/app/$space/infrastructure/environments" params={{ space }}>
            Go to the environments
          </ButtonLink>
        }
      >
        Releases go through environments, such as Development, Test and Production. Targets are the machines in them.
      </EmptyState>
    </Panel>
  );
}

interface TargetsProps {
  space: string;
  summary: Shape<"EnvironmentsSummary">;
  workers: Shape<"WorkerPoolsSummary"> | undefined;
}

function Targets({ space, summary, workers }: TargetsProps) {
  return (
    <Stack>
      <Figures space={space} targets={summary} workers={workers} />
      <Ailing space={space} />
      <OldAgents space={space} targets={summary} workers={workers} />
      <Grid gap="md">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <Panel title="Targets by environment" flush>
            <ByEnvironment space={space} summary={summary} />
          </Panel>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Stack>
            <Panel title="By tag">
              <ByTag space={space} counts={summary.MachineRoleSummaries as Record<string, number>} />
            </Panel>
            <Panel title="By kind">
              <ByKind space={space} counts={summary.MachineEndpointSummaries as Record<string, number>} />
            </Panel>
          </Stack>
        </Grid.Col>
      </Grid>
    </Stack>
  );
}
