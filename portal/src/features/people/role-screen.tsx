import { Group, Stack, Text } from "@mantine/core";
import { IconCopy } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useNames } from "@/api/things";
import { DeleteButton } from "@/components/delete-button";
import { ButtonLink, TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { Permitted } from "@/components/permitted";
import { Tags } from "@/components/tags";
import { RoleEditor } from "./role-editor";
import { heldRolesQuery, type Role, roleQuery, useDeleteRole } from "./roles-api";

const EDIT = { permission: "UserRoleEdit" };

/** What a role lets people do, and who holds it. */
export function RoleScreen() {
  const { role: id } = useParams({ from: "/shell/app/roles/$role" });
  const role = useQuery(roleQuery(id));
  return (
    <Page
      title={role.data?.Name ?? id}
      crumbs={[{ text: "Roles", to: "/app/roles" }]}
      aside={role.data && !role.data.CanBeDeleted && <Tags words={["Built in"]} />}
      description={role.data?.Description}
      actions={role.data && <Actions role={role.data} />}
    >
      <Loaded query={role} what="The role">
        {(found) => (
          <Stack gap="md" maw={1000}>
            <Holders role={found} />
            <RoleEditor key={found.Id} before={found} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ role }: { role: Role }) {
  const navigate = useNavigate();
  const deleting = useDeleteRole();
  return (
    <>
      <Permitted need={EDIT}>
        {(isAllowed) => (
          <ButtonLink
            variant="default"
            disabled={!isAllowed}
            leftSection={<IconCopy size={16} />}
            to="/app/roles/new"
            search={{ from: role.Id }}
          >
            Clone
          </ButtonLink>
        )}
      </Permitted>
      <DeleteButton
        what={`the role ${role.Name}`}
        need={EDIT}
        barred={role.CanBeDeleted ? null : "The role is built in and cannot be deleted."}
        deleting={() => deleting.mutateAsync(role.Id)}
        onDeleted={() => void navigate({ to: "/app/roles" })}
      >
        A role that a team holds cannot be deleted; take it away from the teams first.
      </DeleteButton>
    </>
  );
}

/** The teams that have the role, each once. */
function Holders({ role }: { role: Role }) {
  const { data: held = [] } = useQuery(heldRolesQuery);
  const teams = [...new Set(held.filter((one) => one.UserRoleId === role.Id).map((one) => one.TeamId))];
  const nameOf = useNames("teams", "", teams);
  return (
    <Panel title="Held by">
      {teams.length === 0 ? (
        <Text size="sm" c="dimmed">
          No team. Give it to one at the team itself.
        </Text>
      ) : (
        <Group gap="md">
          {teams.map((team) => (
            <TextLink key={team} to="/app/teams/$team" params={{ team }} size="sm">
              {nameOf(team)}
            </TextLink>
          ))}
        </Group>
      )}
    </Panel>
  );
}
