import { Stack, Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useRights } from "@/api/rights";
import { FormFaults, SaveBar } from "@/components/form";
import { Panel } from "@/components/page";
import { useMay } from "@/components/permitted";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { PermissionPicker } from "./permission-picker";
import { missingOf } from "./power";
import { type GivenRole, type Role, useSaveRole } from "./roles-api";

const EDIT = { permission: "UserRoleEdit" };

/** Roles that must stay as they are: without them nobody could put things right again. */
const FIXED = new Set(["userroles-systemadministrator", "userroles-spacemanager"]);

interface Props {
  /** Null for a role that is not there yet. */
  before: Role | null;
  /** What a new one begins with. */
  first?: GivenRole;
}

/** A role's name and its permissions, edited in place. */
export function RoleEditor({ before, first }: Props) {
  const saving = useSaveRole(before);
  const navigate = useNavigate();
  const given = (before ? givenOf(before) : undefined) ?? first ?? NEW;
  const id = before?.Id ?? `new:${first?.Name ?? ""}`;
  const [form, draft] = useDraftForm<GivenRole>(`role:${id}`, given, saving.error);
  const mayEdit = useMay(EDIT);
  const rights = useRights();
  const missing = mayEdit
    ? missingOf(rights, differing(given.GrantedSystemPermissions, form.value.GrantedSystemPermissions))
    : null;
  const isFixed = before !== null && FIXED.has(before.Id);
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (saved) => {
        notifyDone(`The role ${saved.Name} is saved.`);
        if (before) return draft.accept(givenOf(saved));
        draft.discard();
        void navigate({ to: "/app/roles/$role", params: { role: saved.Id }, ignoreBlocker: true });
      },
    });
  const discard = () => {
    draft.discard();
    saving.reset();
    if (before === null) void navigate({ to: "/app/roles", ignoreBlocker: true });
  };
  return (
    <Stack gap="md">
      <FormFaults form={form} title="The role was not saved" />
      <TheirsNotice draft={draft} what="This role" />
      <Panel title="About">
        <Stack>
          <TextInput label="Name" required withAsterisk={false} readOnly={!mayEdit} {...form.field("Name")} />
          <Textarea
            label="Description"
            description="What people do with it, so that who gives it knows."
            autosize
            minRows={1}
            readOnly={!mayEdit}
            {...form.field("Description")}
          />
        </Stack>
      </Panel>
      <PermissionPicker
        space={form.value.GrantedSpacePermissions}
        system={form.value.GrantedSystemPermissions}
        fixed={isFixed ? "What this role grants is built in. Clone it to make one of your own." : null}
        readOnly={isFixed || !mayEdit}
        onSpace={(GrantedSpacePermissions) => form.set({ GrantedSpacePermissions })}
        onSystem={(GrantedSystemPermissions) => form.set({ GrantedSystemPermissions })}
      />
      <SaveBar
        isChanged={form.isChanged || (before === null && first !== undefined)}
        pending={saving.isPending || (saving.isSuccess && before === null)}
        need={missing === null ? EDIT : { permission: missing }}
        barred={form.value.Name.trim() ? null : "Give the role a name first."}
        words={before === null ? "The role is not saved yet." : undefined}
        onSave={save}
        onDiscard={discard}
        onLeave={draft.discard}
      />
    </Stack>
  );
}

/** What is in one of them only: to put a power into a role, or take it out, takes that power. */
function differing(before: readonly string[], after: readonly string[]): string[] {
  return [...before.filter((one) => !after.includes(one)), ...after.filter((one) => !before.includes(one))];
}

const NEW: GivenRole = { Name: "", Description: "", GrantedSpacePermissions: [], GrantedSystemPermissions: [] };

export function givenOf(role: Role): GivenRole {
  const { Name, Description, GrantedSpacePermissions, GrantedSystemPermissions } = role;
  return { Name, Description, GrantedSpacePermissions, GrantedSystemPermissions };
}
