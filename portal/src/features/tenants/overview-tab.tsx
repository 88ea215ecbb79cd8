import { Stack, Text } from "@mantine/core";
import { IconAlertTriangle, IconPlugConnected } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { Project } from "@/api/reference";
import { EmptyState } from "@/components/empty-state";
import { ListPanel } from "@/components/list-panel";
import { Prose } from "@/components/markdown";
import { Notice } from "@/components/notice";
import { Panel } from "@/components/page";
import { useList } from "@/lib/use-list";
import { connectedProjectsQuery, missingQuery, tenantDashboardQuery } from "./api";
import { ConnectionMatrix } from "./connection-matrix";
import { lacksOf } from "./missing";
import { useTenant } from "./use-tenant";
import { VariablesLink } from "./variables-link";

/** Which release of each project the tenant has in each environment. */
export function OverviewTab() {
  const { space, tenant } = useTenant();
  const list = useList();
  const ids = Object.keys(tenant.ProjectEnvironments).sort();
  const projects = useQuery(connectedProjectsQuery(space, ids, list));
  if (ids.length === 0) {
    return (
      <Stack>
        {tenant.Description && <About text={tenant.Description} />}
        <Panel flush>
          <EmptyState icon={IconPlugConnected} title="Not connected to any project">
            The button <b>Connect to projects</b> chooses projects, and the environments in which this tenant has them.
          </EmptyState>
        </Panel>
      </Stack>
    );
  }
  return (
    <Stack>
      {tenant.Description && <About text={tenant.Description} />}
      <Lacking space={space} tenant={tenant.Id} />
      <div>
        <ListPanel
          what="The projects"
          list={list}
          query={projects}
          find="Find a project"
          empty={
            <EmptyState icon={IconPlugConnected} title="No project that you may see">
              This tenant is connected to projects, but you may not look at them.
            </EmptyState>
          }
        >
          {(items) => <Connections projects={items} />}
        </ListPanel>
      </div>
    </Stack>
  );
}

function Connections({ projects }: { projects: Project[] }) {
  const { space, tenant } = useTenant();
  const { data } = useQuery(
    tenantDashboardQuery(
      space,
      tenant.Id,
      projects.map((one) => one.Id),
    ),
  );
  return <ConnectionMatrix space={space} tenant={tenant} projects={projects} items={data?.Items ?? []} />;
}

function About({ text }: { text: string }) {
  return (
    <Panel>
      <Prose text={text} />
    </Panel>
  );
}

/** Says that values are missing, before a deployment does. */
function Lacking({ space, tenant }: { space: string; tenant: string }) {
  const { data } = useQuery(missingQuery(space, { tenantId: tenant }));
  const count = lacksOf(data ?? []).length;
  if (count === 0) return null;
  return (
    <Notice tone="waiting" icon={IconAlertTriangle}>
      <Text size="sm" component="div">
        {count === 1 ? "1 value of a variable is missing" : `${count} values of variables are missing`}; what needs them
        cannot be deployed.{" "}
        <VariablesLink space={space} tenant={tenant}>
          Give the values
        </VariablesLink>
      </Text>
    </Notice>
  );
}
