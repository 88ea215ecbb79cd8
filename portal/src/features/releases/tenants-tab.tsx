import { Group, Text } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { environmentsQuery } from "@/api/reference";
import { DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { StateBadge } from "@/components/state";
import { conditionOfTask } from "@/lib/state";
import { useList } from "@/lib/use-list";
import { deploymentTemplateQuery } from "./api";
import { connectedTenantsQuery, tenantDeploymentsQuery, useTasksOf } from "./history-api";
import { newestByPlace } from "./places";
import { useRelease } from "./release-frame";

/** For each tenant of the project, how far this release has come for it, and where it may go next. */
export function ReleaseTenantsTab() {
  const { space, named, project, release } = useRelease();
  const list = useList();
  const tenants = useQuery(connectedTenantsQuery(space, project.Id, list));
  const ids = (tenants.data?.Items ?? []).map((one) => one.Id);
  const deployments = useQuery(tenantDeploymentsQuery(space, release.Id, ids));
  const newest = newestByPlace(deployments.data ?? []);
  const taskOf = useTasksOf(space, [...newest.values()]);
  const template = useQuery(deploymentTemplateQuery(space, release.Id));
  const open = new Map((template.data?.TenantPromotions ?? []).map((one) => [one.Id, one.PromoteTo]));
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  const params = { space, project: named, version: release.Version };
  return (
    <ListPanel
      what="The tenants"
      list={list}
      query={tenants}
      find="Find by name"
      empty={
        <EmptyState icon={IconUsersGroup} title="No tenant is connected to this project">
          Connect tenants to the project on their own screens, then deploy this release for them.
        </EmptyState>
      }
    >
      {(items) => (
        <DataTable
          label="Tenants"
          rows={items}
          keyOf={(one) => one.Id}
          isMuted={(one) => one.IsDisabled}
          columns={[
            {
              head: "Tenant",
              width: "32%",
              cell: (one) => <NameCell name={one.Name}>{one.TenantTags.map(tagName).join(", ")}</NameCell>,
            },
            {
              head: "This release",
              cell: (one) => (
                <Group gap="xs">
                  {environments
                    .filter((environment) => one.ProjectEnvironments[project.Id]?.includes(environment.Id))
                    .map((environment) => {
                      const deployment = newest.get(`${environment.Id}/${one.Id}`);
                      const task = deployment && taskOf(deployment.TaskId);
                      if (!deployment || !task) return null;
                      return (
                        <Link
                          key={environment.Id}
                          to="/app/$space/deployments/$deployment"
                          params={{ space, deployment: deployment.Id }}
                          style={{ textDecoration: "none" }}
                        >
                          <StateBadge of={conditionOfTask(task)} word={environment.Name} />
                        </Link>
                      );
                    })}
                </Group>
              ),
            },
            {
              head: "May go to",
              width: "36%",
              cell: (one) => {
                const places = open.get(one.Id) ?? [];
                if (places.length === 0) {
                  return (
                    <Text size="sm" c="dimmed">
                      {one.IsDisabled ? "The tenant is disabled." : "Nowhere now"}
                    </Text>
                  );
                }
                return (
                  <Group gap={6}>
                    {places.map((place) => (
                      <ButtonLink
                        key={place.Id}
                        to="/app/$space/projects/$project/releases/$version/deploy"
                        params={params}
                        search={{ environment: place.Id, tenant: one.Id }}
                        size="compact-sm"
                        variant="default"
                        aria-label={`Deploy to ${place.Name} for ${one.Name}`}
                      >
                        {place.Name}
                      </ButtonLink>
                    ))}
                  </Group>
                );
              },
            },
          ]}
        />
      )}
    </ListPanel>
  );
}

/** `Region/Europe` is `Europe` where many tags stand one after the other. */
function tagName(canonical: string): string {
  return canonical.slice(canonical.indexOf("/") + 1);
}
