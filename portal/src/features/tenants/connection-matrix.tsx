import { ActionIcon, Menu, Text } from "@mantine/core";
import { IconDots, IconPlugConnectedX, IconWorld } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { environmentsQuery, type Project } from "@/api/reference";
import { Confirm } from "@/components/confirm";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { DeploymentCell } from "@/components/deployment-cell";
import { TextLink } from "@/components/links";
import { ActionItem } from "@/components/permitted";
import { notifyDone, notifyError } from "@/lib/notify";
import { type DashboardItem, type Tenant, useSaveTenant } from "./api";
import { ConnectionForm } from "./connection-form";

interface Props {
  space: string;
  tenant: Tenant;
  projects: readonly Project[];
  items: readonly DashboardItem[];
}

/** Projects against environments: what the tenant has where, where it has nothing yet, and where it is not connected. */
export function ConnectionMatrix({ space, tenant, projects, items }: Props) {
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  const [changing, setChanging] = useState<Project | null>(null);
  const [leaving, setLeaving] = useState<Project | null>(null);
  const used = new Set([...Object.values(tenant.ProjectEnvironments).flat(), ...items.map((one) => one.EnvironmentId)]);
  const shown = environments.filter((one) => used.has(one.Id));
  const itemOf = (project: Project, environment: string) =>
    items.find((one) => one.ProjectId === project.Id && one.EnvironmentId === environment);
  const columns: Column<Project>[] = [
    {
      head: "Project",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/$space/projects/$project" params={{ space, project: one.Slug }} c="inherit">
              {one.Name}
            </TextLink>
          }
        />
      ),
    },
    ...shown.map(
      (environment): Column<Project> => ({
        head: environment.Name,
        width: 170,
        cell: (one) => (
          <Place
            space={space}
            item={itemOf(one, environment.Id)}
            isConnected={tenant.ProjectEnvironments[one.Id]?.includes(environment.Id) ?? false}
          />
        ),
      }),
    ),
    {
      head: "Actions",
      spoken: true,
      width: 56,
      align: "right",
      cell: (one) => (
        <RowMenu
          space={space}
          tenant={tenant}
          project={one}
          onChange={() => setChanging(one)}
          onLeave={() => setLeaving(one)}
        />
      ),
    },
  ];
  return (
    <>
      <DataTable
        label="Connections"
        rows={projects}
        columns={columns}
        keyOf={(one) => one.Id}
        minWidth={260 + shown.length * 170}
      />
      {changing && (
        <ConnectionForm space={space} tenant={tenant} project={changing} onClose={() => setChanging(null)} />
      )}
      {leaving && <Disconnect space={space} tenant={tenant} project={leaving} onClose={() => setLeaving(null)} />}
    </>
  );
}

interface PlaceProps {
  space: string;
  item: DashboardItem | undefined;
  isConnected: boolean;
}

/** What is deployed in one place; a deployment from before a disconnection is still shown. */
export function Place({ space, item, isConnected }: PlaceProps) {
  if (item) return <DeploymentCell space={space} item={item} version />;
  return (
    <Text size="xs" c="dimmed" pl={10}>
      {isConnected ? (
        "Nothing yet"
      ) : (
        <>
          <span aria-hidden>—</span>
          <span className="spoken">Not connected</span>
        </>
      )}
    </Text>
  );
}

interface RowProps {
  space: string;
  tenant: Tenant;
  project: Project;
  onChange: () => void;
  onLeave: () => void;
}

function RowMenu({ space, tenant, project, onChange, onLeave }: RowProps) {
  const need = { permission: "TenantEdit", space, tenant: tenant.Id };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${project.Name}`}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <ActionItem need={need} leftSection={<IconWorld size={15} />} onClick={onChange}>
          Change the environments
        </ActionItem>
        <ActionItem need={need} leftSection={<IconPlugConnectedX size={15} />} onClick={onLeave}>
          Disconnect
        </ActionItem>
      </Menu.Dropdown>
    </Menu>
  );
}

function Disconnect({
  space,
  tenant,
  project,
  onClose,
}: Omit<RowProps, "onChange" | "onLeave"> & { onClose: () => void }) {
  const saving = useSaveTenant(space);
  const { [project.Id]: _gone, ...kept } = tenant.ProjectEnvironments;
  const confirm = () =>
    saving.mutate(
      { ...tenant, ProjectEnvironments: kept },
      {
        onSuccess: () => notifyDone(`${tenant.Name} is no longer connected to ${project.Name}.`),
        onError: (error) => notifyError("The tenant was not disconnected", error),
        onSettled: onClose,
      },
    );
  return (
    <Confirm
      opened
      title={`Disconnect ${tenant.Name} from ${project.Name}?`}
      action="Disconnect"
      danger
      pending={saving.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      The project can no longer be deployed for this tenant. What is deployed stays where it is, and so does its
      history.
    </Confirm>
  );
}
