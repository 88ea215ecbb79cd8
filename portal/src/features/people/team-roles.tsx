import { Group, Text } from "@mantine/core";
import { IconShield } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { spacesQuery } from "@/api/session";
import { type ThingKind, useNames } from "@/api/things";
import { type Column, DataTable } from "@/components/data-table";
import { AskDelete } from "@/components/delete-button";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { ActionButton, type Need } from "@/components/permitted";
import { ScopedRoleForm } from "./scoped-role-form";
import { type ScopedRole, scopedRolesQuery, type Team, useDeleteScopedRole } from "./teams-api";

/** What the members may do: roles, each in a space and perhaps narrowed, or over the server. */
export function TeamRoles({ team }: { team: Team }) {
  const held = useQuery(scopedRolesQuery(team.Id));
  const [edited, setEdited] = useState<ScopedRole | "new" | null>(null);
  const [leaving, setLeaving] = useState<ScopedRole | null>(null);
  const deleting = useDeleteScopedRole();
  const need = { permission: "TeamEdit", space: team.SpaceId ?? undefined };
  const barred = team.CanChangeRoles ? null : "The roles of this team are built in and cannot be changed.";
  const roleName = useNames("userroles", "", held.data?.map((one) => one.UserRoleId) ?? []);
  const add = (
    <ActionButton variant="default" need={need} barred={barred} onClick={() => setEdited("new")}>
      Add a role
    </ActionButton>
  );
  return (
    <Panel title="Roles" flush aside={add}>
      <Loaded query={held} what="The roles" rows={2}>
        {(list) =>
          list.length === 0 ? (
            <EmptyState icon={IconShield} title="No role yet" action={add}>
              Until the team has a role, its members may do nothing by belonging to it.
            </EmptyState>
          ) : (
            <DataTable
              label="Roles of the team"
              rows={list}
              columns={columnsOf({ need, barred, roleName, onEdit: setEdited, onRemove: setLeaving })}
              keyOf={(one) => one.Id}
              minWidth={560}
            />
          )
        }
      </Loaded>
      {edited && (
        <ScopedRoleForm team={team} before={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
      {leaving && (
        <AskDelete
          what={`the role ${roleName(leaving.UserRoleId)}`}
          deleting={() => deleting.mutateAsync(leaving.Id)}
          onDeleted={() => setLeaving(null)}
          onClose={() => setLeaving(null)}
        >
          The members of {team.Name} lose at once what only this role let them do. The role itself stays.
        </AskDelete>
      )}
    </Panel>
  );
}

interface Shown {
  need: Need;
  barred: string | null;
  roleName: (id: string) => string;
  onEdit: (role: ScopedRole) => void;
  onRemove: (role: ScopedRole) => void;
}

function columnsOf({ need, barred, roleName, onEdit, onRemove }: Shown): Column<ScopedRole>[] {
  return [
    {
      head: "Role",
      cell: (one) => (
        <TextLink to="/app/roles/$role" params={{ role: one.UserRoleId }} c="inherit" fw={500}>
          {roleName(one.UserRoleId)}
        </TextLink>
      ),
    },
    { head: "Where", cell: (one) => <Where held={one} /> },
    {
      head: "Actions",
      spoken: true,
      width: 170,
      cell: (one) => (
        <Group gap={6} wrap="nowrap" justify="flex-end">
          <ActionButton size="compact-sm" variant="default" need={need} barred={barred} onClick={() => onEdit(one)}>
            Edit
          </ActionButton>
          <ActionButton size="compact-sm" variant="default" need={need} barred={barred} onClick={() => onRemove(one)}>
            Remove
          </ActionButton>
        </Group>
      ),
    },
  ];
}

/** The space, and each kind of things that the role is narrowed to. */
function Where({ held }: { held: ScopedRole }) {
  const { data: spaces } = useQuery(spacesQuery);
  const { SpaceId: space } = held;
  if (space === null) return <Text size="sm">The server</Text>;
  const isNarrowed = [held.ProjectGroupIds, held.ProjectIds, held.EnvironmentIds, held.TenantIds].some(
    (ids) => ids.length > 0,
  );
  return (
    <>
      <Text size="sm">
        {spaces?.find((one) => one.Id === space)?.Name ?? space}
        {!isNarrowed && ", everything in it"}
      </Text>
      <Narrowed word="Projects" kind="projects" space={space} ids={held.ProjectIds} />
      <Narrowed word="Groups" kind="projectgroups" space={space} ids={held.ProjectGroupIds} />
      <Narrowed word="Environments" kind="environments" space={space} ids={held.EnvironmentIds} />
      <Narrowed word="Tenants" kind="tenants" space={space} ids={held.TenantIds} />
    </>
  );
}

function Narrowed({ word, kind, space, ids }: { word: string; kind: ThingKind; space: string; ids: string[] }) {
  const nameOf = useNames(kind, space, ids);
  if (ids.length === 0) return null;
  return (
    <Text size="sm" c="dimmed">
      {word}: {ids.map(nameOf).join(", ")}
    </Text>
  );
}
