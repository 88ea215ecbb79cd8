import { Group, Select, Stack, Text } from "@mantine/core";
import { IconInfoCircle, IconPlugConnected, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { environmentsQuery, type Project } from "@/api/reference";
import { type Column, DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Notice } from "@/components/notice";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { TagChips } from "@/components/tag-chips";
import { TagFilter } from "@/components/tag-fields";
import { useList } from "@/lib/use-list";
import { useProject } from "@/lib/use-project";
import { type ProjectTenant, type ProjectTenantFilter, projectTenantsQuery } from "./api";
import { ConnectWizard } from "./connect-wizard";
import { Place } from "./connection-matrix";
import { LackingBar } from "./lacking-bar";
import { ReleasePicker } from "./release-picker";
import { TenantName } from "./tenant-name";

type List = ReturnType<typeof useList<ProjectTenantFilter>>;

/** The tenants that a project is connected to, and which release each has where. */
export function ProjectTenantsTab() {
  const { space, project } = useProject();
  const list = useList<ProjectTenantFilter>();
  const [connecting, setConnecting] = useState(false);
  const tenants = useQuery(projectTenantsQuery(space, project.Id, list, list.filters));
  const connect = (
    <ActionButton
      variant="default"
      need={{ permission: "TenantEdit", space }}
      leftSection={<IconPlugConnected size={16} />}
      onClick={() => setConnecting(true)}
    >
      Connect tenants
    </ActionButton>
  );
  return (
    <Stack gap="md">
      {project.TenantedDeploymentMode === "Untenanted" && <NoTenants space={space} project={project.Slug} />}
      <Group justify="space-between">
        <Text size="sm" c="dimmed">
          Which release each tenant has in each environment.
        </Text>
        {connect}
      </Group>
      <div>
        <ListPanel
          what="The tenants"
          list={list}
          query={tenants}
          find="Find a tenant"
          filters={<Filters space={space} project={project} list={list} />}
          empty={
            <EmptyState icon={IconUsersGroup} title="No tenant is connected" action={connect}>
              Connect tenants to the environments in which they have this project; then releases can be deployed for
              each of them.
            </EmptyState>
          }
        >
          {(items) => (
            <>
              {list.filters.release && (
                <LackingBar
                  space={space}
                  project={project}
                  release={list.filters.release}
                  words={list.q}
                  filters={list.filters}
                  count={tenants.data?.TotalResults ?? 0}
                />
              )}
              <Rows space={space} items={items} only={list.filters.environment} />
            </>
          )}
        </ListPanel>
      </div>
      {connecting && <ConnectWizard space={space} project={project} onClose={() => setConnecting(false)} />}
    </Stack>
  );
}

function NoTenants({ space, project }: { space: string; project: string }) {
  return (
    <Notice tone="waiting" icon={IconInfoCircle}>
      <Text size="sm" component="div">
        This project is deployed without tenants. To deploy it for tenants, allow that{" "}
        <TextLink
          to="/app/$space/projects/$project/settings/tenants"
          params={{ space, project }}
          size="sm"
          underline="always"
        >
          in the project's settings
        </TextLink>
        .
      </Text>
    </Notice>
  );
}

const STATES = [
  { value: "None", label: "Nothing yet" },
  { value: "Success", label: "Succeeded" },
  { value: "Failed,TimedOut", label: "Failed" },
  { value: "Queued,Executing,Cancelling", label: "Not ended" },
  { value: "Canceled", label: "Cancelled" },
];

function Filters({ space, project, list }: { space: string; project: Project; list: List }) {
  const { filters, narrow } = list;
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  return (
    <>
      <TagFilter
        isBare
        space={space}
        scope="Tenant"
        label="Any tags"
        w={190}
        value={filters.tags?.split(",") ?? []}
        onChange={(tags) => narrow({ tags: tags.join(",") || null })}
      />
      <Select
        aria-label="Environment"
        placeholder="Any environment"
        clearable
        searchable
        w={170}
        data={environments.map((one) => ({ value: one.Id, label: one.Name }))}
        value={filters.environment ?? null}
        onChange={(environment) => narrow({ environment })}
      />
      <Select
        aria-label="State"
        placeholder="Any state"
        clearable
        w={140}
        data={STATES}
        value={filters.state ?? null}
        onChange={(state) => narrow({ state })}
      />
      <ReleasePicker
        space={space}
        project={project.Id}
        value={filters.release ?? null}
        onChange={(release) => narrow({ release })}
      />
    </>
  );
}

function Rows({ space, items, only }: { space: string; items: ProjectTenant[]; only: string | undefined }) {
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  const used = new Set(items.flatMap((one) => [...one.EnvironmentIds, ...one.Items.map((item) => item.EnvironmentId)]));
  const shown = environments.filter((one) => used.has(one.Id) && (!only || one.Id === only));
  const columns: Column<ProjectTenant>[] = [
    {
      head: "Tenant",
      cell: (one) => (
        <TenantName space={space} tenant={one}>
          {one.IsDisabled ? (
            <StateBadge of="cancelled" word="Disabled" />
          ) : (
            one.TenantTags.length > 0 && <TagChips space={space} names={one.TenantTags} />
          )}
        </TenantName>
      ),
    },
    ...shown.map(
      (environment): Column<ProjectTenant> => ({
        head: environment.Name,
        width: 170,
        cell: (one) => (
          <Place
            space={space}
            item={one.Items.find((item) => item.EnvironmentId === environment.Id)}
            isConnected={one.EnvironmentIds.includes(environment.Id)}
          />
        ),
      }),
    ),
  ];
  return (
    <DataTable
      label="Tenants of the project"
      rows={items}
      columns={columns}
      keyOf={(one) => one.Id}
      isMuted={(one) => one.IsDisabled}
      minWidth={188 + shown.length * 170}
    />
  );
}
