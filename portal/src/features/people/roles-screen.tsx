import { IconPlus, IconShield } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink, TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { Permitted } from "@/components/permitted";
import { Tags } from "@/components/tags";
import { useList } from "@/lib/use-list";
import { type Role, rolePageQuery } from "./roles-api";

export function RolesScreen() {
  const list = useList();
  const roles = useQuery(rolePageQuery(list));
  return (
    <Page
      title="Roles"
      description="Sets of permissions. A team is given roles; where they hold is said at the team."
      actions={
        <>
          <ButtonLink variant="default" to="/app/permissions">
            Test permissions
          </ButtonLink>
          <Permitted need={{ permission: "UserRoleEdit" }}>
            {(isAllowed) => (
              <ButtonLink disabled={!isAllowed} leftSection={<IconPlus size={16} />} to="/app/roles/new">
                Add a role
              </ButtonLink>
            )}
          </Permitted>
        </>
      }
    >
      <ListPanel
        what="The roles"
        list={list}
        query={roles}
        find="Find by name"
        empty={
          <EmptyState icon={IconShield} title="No role yet">
            Every server has its built-in roles, so this should not happen. Restart the server to get them back.
          </EmptyState>
        }
      >
        {(items) => <DataTable label="Roles" rows={items} columns={COLUMNS} keyOf={(role) => role.Id} />}
      </ListPanel>
    </Page>
  );
}

const COLUMNS: Column<Role>[] = [
  {
    head: "Role",
    cell: (role) => (
      <NameCell
        name={
          <TextLink to="/app/roles/$role" params={{ role: role.Id }} c="inherit">
            {role.Name}
          </TextLink>
        }
      >
        {role.Description}
      </NameCell>
    ),
  },
  {
    head: "In a space",
    width: 130,
    wideOnly: true,
    dimmed: true,
    cell: (role) => countOf(role.GrantedSpacePermissions),
  },
  {
    head: "Over the server",
    width: 140,
    wideOnly: true,
    dimmed: true,
    cell: (role) => countOf(role.GrantedSystemPermissions),
  },
  {
    head: "Kind",
    spoken: true,
    width: 110,
    cell: (role) => !role.CanBeDeleted && <Tags words={["Built in"]} />,
  },
];

function countOf(permissions: readonly string[]): string {
  if (permissions.length === 0) return "–";
  return permissions.length === 1 ? "1 permission" : `${permissions.length} permissions`;
}
