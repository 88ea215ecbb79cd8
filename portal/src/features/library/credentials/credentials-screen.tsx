import { ActionIcon, Menu } from "@mantine/core";
import { IconDots, IconKey, IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { AskDelete } from "@/components/delete-button";
import { EmptyState } from "@/components/empty-state";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton, ActionItem } from "@/components/permitted";
import { Ago } from "@/components/time";
import { notifyDone } from "@/lib/notify";
import { useList } from "@/lib/use-list";
import { credentialsQuery, deleteCredential, type GitCredential } from "./api";
import { CredentialForm, newCredential } from "./credential-form";
import { CredentialUsers } from "./credential-users";

export function CredentialsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/library/git-credentials" });
  const client = useQueryClient();
  const [editing, setEditing] = useState<GitCredential | null>(null);
  const [leaving, setLeaving] = useState<GitCredential | null>(null);
  const list = useList();
  const credentials = useQuery(credentialsQuery(space, list));
  const add = (
    <ActionButton
      need={{ permission: "GitCredentialEdit", space }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setEditing(newCredential())}
    >
      Add a Git credential
    </ActionButton>
  );
  const deleted = () => {
    notifyDone(`${leaving?.Name} is deleted.`);
    setLeaving(null);
    void client.invalidateQueries({ queryKey: ["git-credentials", space] });
  };
  return (
    <Page title="Git credentials" description="With what projects in Git sign in to their repositories." actions={add}>
      <ListPanel
        what="The Git credentials"
        list={list}
        query={credentials}
        find="Find by name"
        empty={
          <EmptyState icon={IconKey} title="No Git credential yet" action={add}>
            Add one with a user name and a token of your Git host; projects that are kept in Git choose it in their
            settings.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label="Git credentials"
            rows={items}
            columns={columnsOf(space, setEditing, setLeaving)}
            keyOf={(one) => one.Id}
          />
        )}
      </ListPanel>
      {editing && (
        <CredentialForm key={editing.Id} space={space} credential={editing} onClose={() => setEditing(null)} />
      )}
      {leaving && (
        <AskDelete
          what={`the Git credential ${leaving.Name}`}
          deleting={() => deleteCredential(space, leaving.Id)}
          onDeleted={deleted}
          onClose={() => setLeaving(null)}
        >
          <CredentialUsers space={space} id={leaving.Id} />
        </AskDelete>
      )}
    </Page>
  );
}

type Act = (one: GitCredential) => void;

function columnsOf(space: string, edit: Act, remove: Act): Column<GitCredential>[] {
  const need = { permission: "GitCredentialEdit", space };
  return [
    { head: "Git credential", cell: (one) => <NameCell name={one.Name}>{one.Description}</NameCell> },
    { head: "User name", width: 180, cell: (one) => one.Details.Username },
    { head: "For", wideOnly: true, dimmed: true, cell: (one) => reachOf(one) },
    {
      head: "Changed",
      width: 150,
      dimmed: true,
      wideOnly: true,
      cell: (one) => one.LastModifiedOn && <Ago at={one.LastModifiedOn} />,
    },
    {
      head: "Actions",
      spoken: true,
      width: 60,
      align: "right",
      cell: (one) => (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon aria-label={`Actions for ${one.Name}`}>
              <IconDots size={16} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <ActionItem need={need} leftSection={<IconPencil size={15} />} onClick={() => edit(one)}>
              Change
            </ActionItem>
            <ActionItem need={need} leftSection={<IconTrash size={15} />} onClick={() => remove(one)}>
              Delete
            </ActionItem>
          </Menu.Dropdown>
        </Menu>
      ),
    },
  ];
}

function reachOf({ RepositoryRestrictions }: GitCredential): string {
  if (!RepositoryRestrictions?.Enabled) return "Every repository";
  return RepositoryRestrictions.AllowedRepositories.join(", ") || "No repository";
}
