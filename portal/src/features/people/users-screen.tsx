import { Avatar, Button, Group, Modal, PasswordInput, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { ErrorNotice } from "@/components/error-notice";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { StateBadge } from "@/components/state";
import { Ago } from "@/components/time";
import { WideTable } from "@/components/wide-table";
import { type NewUser, type User, useAddUser, usersQuery } from "./api";

export function UsersScreen() {
  const users = useQuery(usersQuery);
  const [adding, setAdding] = useState(false);
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      Add a user
    </Button>
  );
  return (
    <Page
      title="Users"
      description="Who may sign in. What they may do is given by the roles of their teams."
      actions={add}
    >
      <Panel flush>
        <Loaded query={users} what="The users">
          {(list) => <UserTable users={list} />}
        </Loaded>
      </Panel>
      {adding && <AddUser onClose={() => setAdding(false)} />}
    </Page>
  );
}

function UserTable({ users }: { users: User[] }) {
  return (
    <WideTable minWidth={480}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>User</Table.Th>
            <Table.Th>User name</Table.Th>
            <Table.Th w={140}>State</Table.Th>
            <Table.Th w={150}>Added</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {users.map((user) => (
            <Table.Tr key={user.Id}>
              <Table.Td>
                <Group gap="sm" wrap="nowrap">
                  <Avatar size={28} radius="xl" color="plum" name={user.DisplayName} />
                  <div>
                    <Text fw={500}>{user.DisplayName}</Text>
                    <Text size="xs" c="dimmed">
                      {user.IsService ? "Service account" : user.EmailAddress}
                    </Text>
                  </div>
                </Group>
              </Table.Td>
              <Table.Td>{user.Username}</Table.Td>
              <Table.Td>
                <StateBadge
                  of={user.IsActive ? "success" : "cancelled"}
                  word={user.IsActive ? "Active" : "Deactivated"}
                />
              </Table.Td>
              <Table.Td c="dimmed">{user.Created && <Ago at={user.Created} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

const NOBODY: NewUser = { Username: "", DisplayName: "", EmailAddress: "", Password: "" };

function AddUser({ onClose }: { onClose: () => void }) {
  const [given, setGiven] = useState(NOBODY);
  const adding = useAddUser();
  const field = (name: keyof NewUser) => ({
    value: given[name],
    onChange: (event: { currentTarget: { value: string } }) =>
      setGiven({ ...given, [name]: event.currentTarget.value }),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    adding.mutate(given, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Add a user</Text>}>
      <form onSubmit={submit}>
        <Stack>
          {adding.isError && <ErrorNotice error={adding.error} />}
          <TextInput
            label="User name"
            autoComplete="off"
            data-autofocus
            required
            withAsterisk={false}
            {...field("Username")}
          />
          <TextInput label="Name to show" autoComplete="off" {...field("DisplayName")} />
          <TextInput label="Email" type="email" autoComplete="off" {...field("EmailAddress")} />
          <PasswordInput
            label="Password"
            description="At least 8 characters. Tell it to the user on a safe way."
            autoComplete="new-password"
            required
            withAsterisk={false}
            {...field("Password")}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" loading={adding.isPending}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
