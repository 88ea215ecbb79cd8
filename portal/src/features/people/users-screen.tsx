import { Avatar, Group } from "@mantine/core";
import { IconMail, IconPlus, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ButtonLink, TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { Ago } from "@/components/time";
import { useList } from "@/lib/use-list";
import { AddUser } from "./user-form";
import { type User, userPageQuery } from "./users-api";

export function UsersScreen() {
  const list = useList();
  const users = useQuery(userPageQuery(list));
  const [adding, setAdding] = useState(false);
  const add = (
    <ActionButton
      need={{ permission: "UserEdit" }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      Add a user
    </ActionButton>
  );
  return (
    <Page
      title="Users"
      description="Who may sign in. What they may do is given by the roles of their teams."
      actions={
        <>
          <ButtonLink variant="default" leftSection={<IconMail size={16} />} to="/app/invitations">
            Invitations
          </ButtonLink>
          {add}
        </>
      }
    >
      <ListPanel
        what="The users"
        list={list}
        query={users}
        find="Find by name or email"
        empty={
          <EmptyState icon={IconUsers} title="No user yet" action={add}>
            Add the people of your team, or invite them by a link with which they register themselves.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label="Users"
            rows={items}
            columns={COLUMNS}
            keyOf={(user) => user.Id}
            isMuted={(user) => !user.IsActive}
          />
        )}
      </ListPanel>
      {adding && <AddUser onClose={() => setAdding(false)} />}
    </Page>
  );
}

const COLUMNS: Column<User>[] = [
  {
    head: "User",
    cell: (user) => (
      <Group gap="sm" wrap="nowrap">
        <Avatar size={28} radius="xl" color={user.IsService ? "gray" : "plum"} name={user.DisplayName} aria-hidden />
        <NameCell
          name={
            <TextLink to="/app/users/$user" params={{ user: user.Id }} c="inherit">
              {user.DisplayName}
            </TextLink>
          }
        >
          {user.IsService ? "Service account" : user.EmailAddress}
        </NameCell>
      </Group>
    ),
  },
  { head: "User name", wideOnly: true, cell: (user) => user.Username },
  {
    head: "State",
    width: 140,
    cell: (user) => (
      <StateBadge of={user.IsActive ? "success" : "cancelled"} word={user.IsActive ? "Active" : "Deactivated"} />
    ),
  },
  {
    head: "Added",
    width: 150,
    wideOnly: true,
    dimmed: true,
    cell: (user) => user.Created && <Ago at={user.Created} />,
  },
];
