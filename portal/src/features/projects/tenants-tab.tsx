import { Badge, Group, Select, Text } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { keepPreviousData, queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api, listParams, type Shape } from "@/api/client";
import { type Environment, environmentsQuery, type Project } from "@/api/reference";
import { DeploymentCell } from "@/components/deployment-cell";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { columns } from "@/components/matrix";
import classes from "@/components/matrix.module.css";
import { Tags } from "@/components/tags";
import { type ListState, useList } from "@/lib/use-list";
import { useProject } from "@/lib/use-project";

type ProjectTenant = Shape<"ProjectTenant">;
type Filter = "environment" | "state";

const STATES = [
  { value: "Failed,TimedOut", label: "Failed" },
  { value: "Queued,Executing,Cancelling", label: "At work" },
  { value: "None", label: "Nothing deployed" },
];

const tenantsQuery = (space: string, id: string, { q, page, filters }: ListState<Filter>) =>
  queryOptions({
    queryKey: ["project-tenants", id, q, page, filters],
    queryFn: () => {
      const params = { path: { space, id }, query: listParams({ q, page }, filters) };
      return answer(api.GET("/api/{space}/projects/{id}/tenants", { params }));
    },
    placeholderData: keepPreviousData,
    refetchInterval: (query) => (query.state.data?.Items.some(isActive) ? 2000 : 8000),
  });

function isActive(tenant: ProjectTenant): boolean {
  return tenant.Items.some((item) => !item.IsCompleted);
}

/** Which tenant has which release where. */
export function TenantsTab() {
  const { space, project } = useProject();
  const list = useList<Filter>();
  const tenants = useQuery(tenantsQuery(space, project.Id, list));
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  return (
    <ListPanel
      what="The tenants"
      list={list}
      query={tenants}
      find="Find a tenant"
      isSplit
      filters={<Filters list={list} environments={environments} />}
      empty={<NoTenant space={space} project={project} />}
    >
      {(rows) => <TenantMatrix space={space} rows={rows} environments={environments} />}
    </ListPanel>
  );
}

function Filters({ list, environments }: { list: ListState<Filter>; environments: Environment[] }) {
  return (
    <Group gap="xs">
      <Select
        aria-label="Environment"
        placeholder="All environments"
        clearable
        w={170}
        data={environments.map((one) => ({ value: one.Id, label: one.Name }))}
        value={list.filters.environment ?? null}
        onChange={(environment) => list.narrow({ environment })}
      />
      <Select
        aria-label="State"
        placeholder="Any state"
        clearable
        w={160}
        data={STATES}
        value={list.filters.state ?? null}
        onChange={(state) => list.narrow({ state })}
      />
    </Group>
  );
}

function NoTenant({ space, project }: { space: string; project: Project }) {
  if (project.TenantedDeploymentMode === "Untenanted") {
    return (
      <EmptyState
        icon={IconUsersGroup}
        title="This project does not deploy for tenants"
        action={
          <ButtonLink to="/app/$space/projects/$project" params={{ space, project: project.Slug }}>
            Go to the settings
          </ButtonLink>
        }
      >
        Tenants are the customers, regions or teams that each get a deployment of their own. Let the project deploy for
        them in its settings.
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={IconUsersGroup} title="No tenant is connected to this project">
      Connect a tenant to the project, and choose the environments in which the tenant has it.
    </EmptyState>
  );
}

interface MatrixProps {
  space: string;
  rows: ProjectTenant[];
  environments: Environment[];
}

function TenantMatrix({ space, rows, environments }: MatrixProps) {
  const used = new Set(rows.flatMap((row) => [...row.EnvironmentIds, ...row.Items.map((item) => item.EnvironmentId)]));
  const shown = environments.filter((environment) => used.has(environment.Id));
  return (
    <div className={classes.box}>
      <table className={classes.matrix} style={columns(shown.length)} aria-label="Tenants">
        <thead>
          <tr>
            <th scope="col">Tenant</th>
            {shown.map((environment) => (
              <th key={environment.Id} scope="col">
                {environment.Name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <TenantRow key={row.Id} space={space} row={row} environments={shown} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TenantRow({ space, row, environments }: { space: string; row: ProjectTenant; environments: Environment[] }) {
  return (
    <tr>
      <th scope="row">
        <Group gap={8}>
          <Text fw={600} c={row.IsDisabled ? "dimmed" : undefined}>
            {row.Name}
          </Text>
          {row.IsDisabled && <Badge color="gray">Disabled</Badge>}
        </Group>
        <Tags words={row.TenantTags.map((tag) => tag.split("/").at(-1) ?? tag)} />
      </th>
      {environments.map((environment) => {
        const item = row.Items.find((one) => one.EnvironmentId === environment.Id);
        const isOutside = !item && !row.EnvironmentIds.includes(environment.Id);
        return (
          <td key={environment.Id} data-environment={environment.Name} data-outside={isOutside || undefined}>
            {item && <DeploymentCell space={space} item={item} version />}
            {!item && !isOutside && (
              <Text size="sm" c="dimmed" className={classes.nothing}>
                –
              </Text>
            )}
          </td>
        );
      })}
    </tr>
  );
}
