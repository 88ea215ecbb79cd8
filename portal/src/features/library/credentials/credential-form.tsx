import { Stack, Switch, TagsInput, Text, TextInput } from "@mantine/core";
import { FormModal } from "@/components/form";
import { SecretField } from "@/components/secret-field";
import { notifyDone } from "@/lib/notify";
import { partOf, useForm } from "@/lib/use-form";
import { type GitCredential, useSaveCredential } from "./api";
import { CredentialUsers } from "./credential-users";

export function newCredential(): GitCredential {
  return {
    Name: "",
    Description: "",
    Details: { Type: "UsernamePassword", Username: "", Password: null },
    RepositoryRestrictions: { Enabled: false, AllowedRepositories: [] },
  } as unknown as GitCredential;
}

interface Props {
  space: string;
  credential: GitCredential;
  onClose: () => void;
}

/** A Git credential, to be added or changed; its password is never shown. */
export function CredentialForm({ space, credential, onClose }: Props) {
  const saving = useSaveCredential(space);
  const form = useForm(credential, saving.error);
  const details = partOf(form, "Details");
  const bounds = partOf(form, "RepositoryRestrictions");
  const isNew = !credential.Id;
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (saved) => {
        notifyDone(`${saved.Name} is saved.`);
        onClose();
      },
    });
  return (
    <FormModal
      title={isNew ? "Add a Git credential" : `Change ${credential.Name}`}
      action={isNew ? "Add" : "Save"}
      form={form}
      pending={saving.isPending}
      need={{ permission: "GitCredentialEdit", space }}
      onSubmit={save}
      onClose={onClose}
    >
      <TextInput label="Name" required withAsterisk={false} data-autofocus {...form.field("Name")} />
      <TextInput label="Description" {...form.field("Description")} />
      <TextInput
        label="User name"
        description="Hosts that take a token alone accept any name."
        autoComplete="off"
        required
        withAsterisk={false}
        {...details.field("Username")}
      />
      <SecretField label="Password or token" required {...details.pick("Password")} />
      <Switch
        label="For some repositories only"
        checked={bounds.value.Enabled}
        onChange={(event) => bounds.set({ Enabled: event.currentTarget.checked })}
      />
      {bounds.value.Enabled && (
        <TagsInput
          label="Repositories"
          description="Their addresses; * stands for any text."
          placeholder="https://github.com/acme/*"
          acceptValueOnBlur
          value={bounds.value.AllowedRepositories}
          onChange={(list) => bounds.set({ AllowedRepositories: list })}
          error={bounds.fault("AllowedRepositories")}
        />
      )}
      {!isNew && (
        <Stack gap={4}>
          <Text size="sm" fw={500}>
            Used by
          </Text>
          <CredentialUsers space={space} id={credential.Id} />
        </Stack>
      )}
    </FormModal>
  );
}
