import { Anchor, Button, Group, SimpleGrid, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { Facts } from "@/components/facts";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { StateBadge } from "@/components/state";
import { sizeOf } from "@/lib/time";
import { RecentLog } from "./recent-log";
import { uptimeOf } from "./uptime";

const healthQuery = queryOptions({
  queryKey: ["diagnostics", "health"],
  queryFn: () => answer(api.GET("/api/serverstatus/health")),
  refetchInterval: 10_000,
});
const infoQuery = queryOptions({
  queryKey: ["diagnostics", "info"],
  queryFn: () => answer(api.GET("/api/serverstatus/system-info")),
  refetchInterval: 10_000,
});
const countsQuery = queryOptions({
  queryKey: ["diagnostics", "counts"],
  queryFn: () => answer(api.GET("/api/serverstatus/counts")),
});
const licenceQuery = queryOptions({
  queryKey: ["diagnostics", "licence"],
  queryFn: () => answer(api.GET("/api/licenses/licenses-current-status")),
});
const certificateQuery = queryOptions({
  queryKey: ["diagnostics", "certificate"],
  queryFn: () =>
    answer(api.GET("/api/configuration/certificates/{id}", { params: { path: { id: "certificate-global" } } })),
});

/** How the server is: for who wonders whether something is wrong with it, and for who helps them. */
export function DiagnosticsScreen() {
  return (
    <Page
      title="Diagnostics"
      description="How the server is, what it runs on, and what it says of itself."
      actions={
        <Button
          component="a"
          href="/api/serverstatus/system-report"
          download
          variant="default"
          leftSection={<IconDownload size={16} />}
        >
          Download the report
        </Button>
      }
    >
      <Stack gap="md">
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
          <ServerPanel />
          <CountsPanel />
        </SimpleGrid>
        <LicencePanel />
        <RecentLog />
      </Stack>
    </Page>
  );
}

function ServerPanel() {
  const health = useQuery(healthQuery);
  const info = useQuery(infoQuery);
  const { data: certificate } = useQuery(certificateQuery);
  const isWell = health.data?.IsOperatingNormally;
  const state = health.data && (
    <StateBadge of={isWell ? "success" : "failed"} word={isWell ? "Works as it should" : "Something is wrong"} />
  );
  return (
    <Panel title="The server" aside={state}>
      <Loaded query={info} what="The facts of the server" rows={6}>
        {(found) => (
          <Facts
            facts={[
              ["Health", health.isError ? health.error.message : health.data?.Description],
              ["Polpo", found.PolpoVersion],
              ["Speaks as", found.Version],
              ["System", found.OSVersion],
              ["Python", found.PythonVersion],
              ["Runs for", uptimeOf(found.Uptime)],
              ["Memory", sizeOf(found.WorkingSetBytes)],
              ["Threads", found.ThreadCount],
              ["Certificate", certificate && <Thumbprint of={certificate.Thumbprint} />],
              [
                "Nodes",
                <TextLink key="nodes" to="/app/nodes" size="sm">
                  How much each does
                </TextLink>,
              ],
            ]}
          />
        )}
      </Loaded>
    </Panel>
  );
}

/** By which agents know the server. */
function Thumbprint({ of }: { of: string }) {
  return (
    <>
      <code>{of}</code>{" "}
      <Anchor size="sm" href="/api/configuration/certificates/certificate-global/public-cer" download>
        Download
      </Anchor>
    </>
  );
}

const WORDS: Record<string, string> = {
  DeploymentTargets: "Targets",
  WorkerPools: "Worker pools",
  VariableSets: "Variable sets",
  RunbookRuns: "Runbook runs",
};

function CountsPanel() {
  const counts = useQuery(countsQuery);
  return (
    <Panel title="What it holds">
      <Loaded query={counts} what="The counts" rows={6}>
        {(found) => (
          <Facts
            facts={Object.values(found)
              .flatMap((group) => Object.entries(group as Record<string, number>))
              .map(([name, count]) => [
                WORDS[name] ?? name,
                <span key={name} className="numbers">
                  {count.toLocaleString("en-US")}
                </span>,
              ])}
          />
        )}
      </Loaded>
    </Panel>
  );
}

function LicencePanel() {
  const licence = useQuery(licenceQuery);
  return (
    <Panel title="Licence">
      <Loaded query={licence} what="The licence" rows={1}>
        {(found) => (
          <Group>
            <Text size="sm">{found.ComplianceSummary}</Text>
          </Group>
        )}
      </Loaded>
    </Panel>
  );
}
