import { Select, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRights } from "@/api/rights";
import { spacesQuery } from "@/api/session";
import { FormModal } from "@/components/form";
import { ManyPicker, Picker } from "@/components/picker";
import { type Form, useForm } from "@/lib/use-form";
import { useSpace } from "@/lib/use-space";
import { needForRoles } from "./power";
import { type Role, roleQuery } from "./roles-api";
import { type ScopedRole, type Team, useSaveScopedRole } from "./teams-api";

interface Props {
  team: Team;
  before: ScopedRole | null;
  onClose: () => void;
}

interface Given {
  UserRoleId: string | null;
  SpaceId: string | null;
  ProjectIds: string[];
  ProjectGroupIds: string[];
  EnvironmentIds: string[];
  TenantIds: string[];
}

/** Gives a role to a team, as far as it shall reach. An empty list narrows nothing. */
export function ScopedRoleForm({ team, before, onClose }: Props) {
  const home = useSpace();
  const rights = useRights();
  const saving = useSaveScopedRole(before);
  const form = useForm<Given>(
    {
      UserRoleId: before?.UserRoleId ?? null,
      SpaceId: before?.SpaceId ?? team.SpaceId ?? home,
      ProjectIds: before?.ProjectIds ?? [],
      ProjectGroupIds: before?.ProjectGroupIds ?? [],
      EnvironmentIds: before?.EnvironmentIds ?? [],
      TenantIds: before?.TenantIds ?? [],
    },
    saving.error,
  );
  const { UserRoleId: chosen } = form.value;
  const { data: role } = useQuery({ ...roleQuery(chosen ?? ""), enabled: chosen !== null });
  const save = () => {
    if (chosen === null || !role) return;
    saving.mutate({ ...reaching(form.value, role), UserRoleId: chosen, TeamId: team.Id }, { onSuccess: onClose });
  };
  return (
    <FormModal
      title={before ? "Edit the role of the team" : `Give ${team.Name} a role`}
      action={before ? "Save" : "Give"}
      size="lg"
      form={form}
      pending={saving.isPending}
      need={role && needForRoles(rights, team, [role])}
      barred={role ? null : "Choose a role first."}
      onSubmit={save}
      onClose={onClose}
    >
      <Picker
        label="Role"
        description={role?.Description}
        kind="userroles"
        space=""
        required
        {...form.pick("UserRoleId")}
      />
      {role && <Reach team={team} role={role} form={form} />}
    </FormModal>
  );
}

/** What the role does not know is not sent: it would be refused, or narrow nothing. */
function reaching(given: Given, role: Role): Given {
  const knows = (scope: string) => role.SupportedRestrictions.includes(scope);
  return {
    ...given,
    SpaceId: role.GrantedSpacePermissions.length > 0 ? given.SpaceId : null,
    ProjectIds: knows("Projects") ? given.ProjectIds : [],
    ProjectGroupIds: knows("ProjectGroups") ? given.ProjectGroupIds : [],
    EnvironmentIds: knows("Environments") ? given.EnvironmentIds : [],
    TenantIds: knows("Tenants") ? given.TenantIds : [],
  };
}

function Reach({ team, role, form }: { team: Team; role: Role; form: Form<Given> }) {
  const { data: spaces = [] } = useQuery(spacesQuery);
  const space = form.value.SpaceId ?? "";
  const knows = (scope: string) => role.SupportedRestrictions.includes(scope);
  if (role.GrantedSpacePermissions.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        It gives what belongs to the whole server, and so it holds everywhere.
      </Text>
    );
  }
  return (
    <>
      {team.SpaceId === null && (
        <Select
          label="In the space"
          data={spaces.map((one) => ({ value: one.Id, label: one.Name }))}
          allowDeselect={false}
          value={form.value.SpaceId}
          onChange={(SpaceId) =>
            form.set({ SpaceId, ProjectIds: [], ProjectGroupIds: [], EnvironmentIds: [], TenantIds: [] })
          }
          error={form.fault("SpaceId")}
        />
      )}
      {role.SupportedRestrictions.length > 0 && (
        <Text size="sm" c="dimmed">
          Narrow it as far as you like. A list that you leave empty means all.
        </Text>
      )}
      {knows("Projects") && <ManyPicker label="Projects" kind="projects" space={space} {...form.pick("ProjectIds")} />}
      {knows("ProjectGroups") && (
        <ManyPicker
          label="Project groups"
          description="All projects of a group, those to come too; besides the projects above."
          kind="projectgroups"
          space={space}
          {...form.pick("ProjectGroupIds")}
        />
      )}
      {knows("Environments") && (
        <ManyPicker label="Environments" kind="environments" space={space} {...form.pick("EnvironmentIds")} />
      )}
      {knows("Tenants") && <ManyPicker label="Tenants" kind="tenants" space={space} {...form.pick("TenantIds")} />}
    </>
  );
}
