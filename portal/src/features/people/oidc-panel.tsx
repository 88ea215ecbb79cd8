import { Code, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { AskDelete } from "@/components/delete-button";
import { Facts } from "@/components/facts";
import { FormModal } from "@/components/form";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { ActionButton, type Need } from "@/components/permitted";
import { useForm } from "@/lib/use-form";
import { type OidcIdentity, oidcIdentitiesQuery, useDeleteOidcIdentity, useSaveOidcIdentity } from "./users-api";

/** Which tokens of other platforms speak for a service account: a build exchanges its own for one of this server. */
export function OidcPanel({ account, need }: { account: string; need: Need }) {
  const identities = useQuery(oidcIdentitiesQuery(account));
  const [edited, setEdited] = useState<OidcIdentity | "new" | null>(null);
  const [leaving, setLeaving] = useState<OidcIdentity | null>(null);
  const deleting = useDeleteOidcIdentity(account);
  return (
    <Panel
      title="Trusted tokens (OpenID Connect)"
      aside={
        <ActionButton
          variant="default"
          need={need}
          leftSection={<IconPlus size={16} />}
          onClick={() => setEdited("new")}
        >
          Add an identity
        </ActionButton>
      }
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          A build exchanges a token of its own platform for one of this server, so that no key is kept anywhere. The
          issuer and the subject say which tokens are taken; <Code>*</Code> and <Code>?</Code> stand for any letters.
        </Text>
        <Loaded query={identities} what="The identities" rows={2}>
          {(found) => (
            <>
              <Facts
                facts={[
                  ["Audience", <code key="id">{found.ExternalId}</code>],
                  ["Server", found.ServerUrl],
                ]}
              />
              {found.OidcIdentities.length > 0 && (
                <DataTable
                  label="OIDC identities"
                  rows={found.OidcIdentities}
                  columns={columnsOf(need, setEdited, setLeaving)}
                  keyOf={(one) => one.Id}
                />
              )}
            </>
          )}
        </Loaded>
      </Stack>
      {edited && (
        <IdentityForm account={account} before={edited === "new" ? null : edited} onClose={() => setEdited(null)} />
      )}
      {leaving && (
        <AskDelete
          what={`the identity ${leaving.Name}`}
          deleting={() => deleting.mutateAsync(leaving.Id)}
          onDeleted={() => setLeaving(null)}
          onClose={() => setLeaving(null)}
        >
          Tokens that it lets in are refused from now on.
        </AskDelete>
      )}
    </Panel>
  );
}

function columnsOf(
  need: Need,
  onEdit: (one: OidcIdentity) => void,
  onDelete: (one: OidcIdentity) => void,
): Column<OidcIdentity>[] {
  return [
    { head: "Name", cell: (one) => <NameCell name={one.Name}>{one.Issuer}</NameCell> },
    { head: "Subject", cell: (one) => <code style={{ overflowWrap: "anywhere" }}>{one.Subject}</code> },
    {
      head: "Actions",
      spoken: true,
      width: 150,
      cell: (one) => (
        <Group gap={6} wrap="nowrap">
          <ActionButton size="compact-sm" variant="default" need={need} onClick={() => onEdit(one)}>
            Edit
          </ActionButton>
          <ActionButton size="compact-sm" variant="default" need={need} onClick={() => onDelete(one)}>
            Delete
          </ActionButton>
        </Group>
      ),
    },
  ];
}

function IdentityForm(props: { account: string; before: OidcIdentity | null; onClose: () => void }) {
  const { account, before, onClose } = props;
  const saving = useSaveOidcIdentity(account, before);
  const form = useForm(
    {
      Name: before?.Name ?? "",
      Issuer: before?.Issuer ?? "",
      Subject: before?.Subject ?? "",
      Audience: before?.Audience ?? "",
    },
    saving.error,
  );
  const save = () => saving.mutate({ ...form.value, Audience: form.value.Audience || null }, { onSuccess: onClose });
  return (
    <FormModal
      title={before ? `Edit ${before.Name}` : "Add an identity"}
      action={before ? "Save" : "Add"}
      form={form}
      pending={saving.isPending}
      size="lg"
      onSubmit={save}
      onClose={onClose}
    >
      <TextInput label="Name" data-autofocus required withAsterisk={false} {...form.field("Name")} />
      <TextInput
        label="Issuer"
        description="The address that signs the tokens."
        placeholder="https://token.actions.githubusercontent.com"
        required
        withAsterisk={false}
        {...form.field("Issuer")}
      />
      <TextInput
        label="Subject"
        description="What the tokens say they are about."
        placeholder="repo:acme/shop:ref:refs/heads/main"
        required
        withAsterisk={false}
        {...form.field("Subject")}
      />
      <TextInput
        label="Audience"
        description="Leave it empty to take the id of the account, as above."
        {...form.field("Audience")}
      />
    </FormModal>
  );
}
