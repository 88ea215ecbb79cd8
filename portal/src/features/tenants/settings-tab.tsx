import { Avatar, FileButton, Group, Stack, Switch, Text, TextInput } from "@mantine/core";
import { IconPhoto } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { DeleteButton } from "@/components/delete-button";
import { FormFaults, SaveBar } from "@/components/form";
import { MarkdownField } from "@/components/markdown-field";
import { Panel } from "@/components/page";
import { ActionButton, useMay } from "@/components/permitted";
import { TagFields } from "@/components/tag-fields";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone, notifyError } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { deleteTenant, logoOf, type Tenant, useSaveTenant, useUploadLogo } from "./api";
import { useTenant } from "./use-tenant";

/** Who the tenant is: its name, tags and picture; and whether it is deployed to at all. */
export function SettingsTab() {
  const { space, tenant } = useTenant();
  const saving = useSaveTenant(space);
  const [form, draft] = useDraftForm(`tenant:${tenant.Id}`, tenant, saving.error);
  const save = () =>
    saving.mutate(draft.value, {
      onSuccess: (answered) => {
        draft.accept(answered);
        notifyDone("The tenant is saved.");
      },
    });
  const discard = () => {
    saving.reset();
    draft.discard();
  };
  return (
    <Stack maw={820}>
      <TheirsNotice draft={draft} what="The tenant" />
      <FormFaults form={form} title="The tenant was not saved" />
      <Panel title="Tenant">
        <Stack gap="md">
          <TextInput label="Name" maw={420} {...form.field("Name")} />
          <MarkdownField label="Description" {...withText(form.field("Description"))} />
          <Switch
            label="Disabled"
            description="A disabled tenant is not deployed to; what it has stays, and so does its history."
            {...form.check("IsDisabled")}
          />
        </Stack>
      </Panel>
      <Panel title="Tags">
        <TagFields
          space={space}
          scope="Tenant"
          value={form.value.TenantTags}
          onChange={(TenantTags) => form.set({ TenantTags })}
          error={form.fault("TenantTags")}
        />
      </Panel>
      <LogoPanel space={space} tenant={tenant} />
      <RemovePanel space={space} tenant={tenant} />
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: "TenantEdit", space, tenant: tenant.Id }}
        onSave={save}
        onDiscard={discard}
      />
    </Stack>
  );
}

/** A description that was never given is an empty text to a field. */
function withText<T extends { value: string }>(field: T): T {
  return { ...field, value: field.value ?? "" };
}

function LogoPanel({ space, tenant }: { space: string; tenant: Tenant }) {
  const uploading = useUploadLogo(space, tenant.Id);
  const need = { permission: "TenantEdit", space, tenant: tenant.Id };
  const isAllowed = useMay(need);
  const send = (file: File | null) => {
    if (!file) return;
    uploading.mutate(file, {
      onSuccess: () => notifyDone("The picture is saved."),
      onError: (error) => notifyError("The picture was not saved", error),
    });
  };
  return (
    <Panel title="Picture">
      <Group gap="md">
        <Avatar src={logoOf(space, tenant)} alt="" size={52} radius="md" />
        <FileButton
          onChange={send}
          accept="image/png,image/jpeg,image/gif,image/svg+xml,image/webp"
          disabled={!isAllowed}
        >
          {(props) => (
            <ActionButton
              variant="default"
              need={need}
              loading={uploading.isPending}
              leftSection={<IconPhoto size={16} />}
              {...props}
            >
              Choose a picture
            </ActionButton>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          It is saved at once.
        </Text>
      </Group>
    </Panel>
  );
}

function RemovePanel({ space, tenant }: { space: string; tenant: Tenant }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = async () => {
    notifyDone(`${tenant.Name} is deleted.`);
    await navigate({ to: "/app/$space/tenants", params: { space } });
    await client.invalidateQueries({ queryKey: ["tenants", space, "list"] });
  };
  return (
    <Panel title="Delete">
      <Group justify="space-between" gap="sm">
        <Text size="sm" c="dimmed">
          To stop deployments for a while, disable the tenant instead.
        </Text>
        <DeleteButton
          what={`the tenant ${tenant.Name}`}
          need={{ permission: "TenantDelete", space, tenant: tenant.Id }}
          deleting={() => deleteTenant(space, tenant.Id)}
          onDeleted={() => void leave()}
        >
          Its connections and its values of variables go with it. What is deployed for it stays where it is.
        </DeleteButton>
      </Group>
    </Panel>
  );
}
