import { Button, Stack, Table, Text } from "@mantine/core";
import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "@/api/session";
import { Confirm } from "@/components/confirm";
import { EmptyState } from "@/components/empty-state";
import { Facts } from "@/components/facts";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { Ago } from "@/components/time";
import { WideTable } from "@/components/wide-table";
import { notifyError } from "@/lib/notify";
import { type ApiKey, apiKeysQuery, useRevokeKey } from "./api";
import { ChangePassword } from "./change-password";
import { CreateKey } from "./create-key";
import { Sessions } from "./sessions";

export function ProfileScreen() {
  const { data: me } = useSuspenseQuery(meQuery);
  const keys = useQuery(apiKeysQuery(me.Id));
  const [creating, setCreating] = useState(false);
  const [changing, setChanging] = useState(false);
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
      Create an API key
    </Button>
  );
  const change = (
    <Button variant="default" onClick={() => setChanging(true)}>
      Change the password
    </Button>
  );
  return (
    <Page title="Profile">
      <Stack gap="md" maw={860}>
        <Panel title="You" aside={me.CanPasswordBeEdited ? change : undefined}>
          <Facts
            facts={[
              ["Name", me.DisplayName],
              ["User name", me.Username],
              ["Email", me.EmailAddress],
            ]}
          />
        </Panel>
        <Panel title="API keys" aside={keys.data?.length ? create : undefined} flush>
          <Loaded query={keys} what="The API keys">
            {(list) =>
              list.length === 0 ? (
                <EmptyState icon={IconKey} title="No API key yet" action={create}>
                  Command lines, CI servers and agents act in your name with a key. Give each its own, so that you can
                  revoke one without the others.
                </EmptyState>
              ) : (
                <KeyTable user={me.Id} keys={list} />
              )
            }
          </Loaded>
        </Panel>
        <Sessions user={me.Id} />
      </Stack>
      {changing && <ChangePassword me={me} onClose={() => setChanging(false)} />}
      {creating && <CreateKey user={me.Id} onClose={() => setCreating(false)} />}
    </Page>
  );
}

function KeyTable({ user, keys }: { user: string; keys: ApiKey[] }) {
  const [leaving, setLeaving] = useState<ApiKey | null>(null);
  const revoking = useRevokeKey(user);
  const revoke = () => {
    if (!leaving) return;
    setLeaving(null);
    revoking.mutate(leaving.Id, { onError: (error) => notifyError("The key was not revoked", error) });
  };
  return (
    <WideTable minWidth={480}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Purpose</Table.Th>
            <Table.Th>Key</Table.Th>
            <Table.Th>Created</Table.Th>
            <Table.Th>Last used</Table.Th>
            <Table.Th>Expires</Table.Th>
            <Table.Th w={90}>
              <span className="spoken">Actions</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.Id}>
              <Table.Td fw={500}>{key.Purpose}</Table.Td>
              <Table.Td ff="monospace" fz="sm" c="dimmed">
                {key.ApiKey?.Hint}…
              </Table.Td>
              <Table.Td c="dimmed">{key.Created && <Ago at={key.Created} />}</Table.Td>
              <Table.Td c="dimmed">{key.LastUsed ? <Ago at={key.LastUsed} /> : "Never"}</Table.Td>
              <Table.Td c="dimmed">{key.Expires ? <Ago at={key.Expires} /> : "Never"}</Table.Td>
              <Table.Td>
                <Button size="compact-sm" variant="default" onClick={() => setLeaving(key)}>
                  Revoke
                </Button>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      <Confirm
        opened={leaving !== null}
        title={`Revoke the key “${leaving?.Purpose}”?`}
        action="Revoke"
        danger
        onClose={() => setLeaving(null)}
        onConfirm={revoke}
      >
        <Text size="sm">Whatever uses it is refused from now on. This cannot be undone.</Text>
      </Confirm>
    </WideTable>
  );
}
