import { Textarea, TextInput } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { FormModal } from "@/components/form";
import { Picker } from "@/components/picker";
import { TagFields } from "@/components/tag-fields";
import { useForm } from "@/lib/use-form";
import { useAddTenant } from "./api";

interface Props {
  space: string;
  /** The tenant that the new one is a copy of, where that is settled. */
  source?: { Id: string; Name: string };
  onClose: () => void;
}

interface Fields {
  Name: string;
  Description: string;
  TenantTags: string[];
  source: string | null;
}

/** A new tenant, alone or as a copy of another one; its screen is shown next. */
export function NewTenant({ space, source, onClose }: Props) {
  const adding = useAddTenant(space);
  const navigate = useNavigate();
  const fresh: Fields = { Name: "", Description: "", TenantTags: [], source: source?.Id ?? null };
  const form = useForm(fresh, adding.error);
  const { source: from, ...given } = form.value;
  const add = () =>
    adding.mutate(
      { given, source: from },
      {
        onSuccess: ({ Slug }) => void navigate({ to: "/app/$space/tenants/$tenant", params: { space, tenant: Slug } }),
      },
    );
  return (
    <FormModal
      title={source ? `Copy ${source.Name}` : "Add a tenant"}
      action={source ? "Copy" : "Add"}
      form={form}
      pending={adding.isPending}
      need={{ permission: "TenantCreate", space }}
      onSubmit={add}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        placeholder="Acme Corporation"
        required
        withAsterisk={false}
        data-autofocus
        {...form.field("Name")}
      />
      <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
      {!source && (
        <Picker
          kind="tenants"
          space={space}
          label="As a copy of"
          description="It begins with that tenant's tags, connections and values of variables."
          placeholder="Nobody"
          value={from}
          onChange={(id) => form.set({ source: id })}
        />
      )}
      {from === null && (
        <TagFields
          space={space}
          scope="Tenant"
          value={form.value.TenantTags}
          onChange={(TenantTags) => form.set({ TenantTags })}
          error={form.fault("TenantTags")}
        />
      )}
    </FormModal>
  );
}
