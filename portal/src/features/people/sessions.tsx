import { Badge, Button, Group, Table, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Ago } from "@/components/time";
import { WideTable } from "@/components/wide-table";
import { notifyError } from "@/lib/notify";
import { type Session, sessionsQuery, useEndSession } from "./api";
import { deviceOf } from "./devices";

/** Where the user is signed in, to end what should not be. */
export function Sessions({ user }: { user: string }) {
  const sessions = useQuery(sessionsQuery(user));
  return (
    <Panel title="Where you are signed in" flush>
      <Loaded query={sessions} what="Your sessions">
        {(list) =>
          list.length === 0 ? (
            <Text size="sm" c="dimmed" p="md">
              Nowhere with a browser.
            </Text>
          ) : (
            <SessionTable user={user} sessions={list} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function SessionTable({ user, sessions }: { user: string; sessions: Session[] }) {
  const ending = useEndSession(user);
  const end = (session: string) =>
    ending.mutate(session, { onError: (error) => notifyError("The session was not ended", error) });
  return (
    <WideTable minWidth={480}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>With</Table.Th>
            <Table.Th>From</Table.Th>
            <Table.Th>Last seen</Table.Th>
            <Table.Th w={90}>
              <span className="spoken">Actions</span>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sessions.map((session) => (
            <Table.Tr key={session.Id}>
              <Table.Td fw={500} title={session.Device}>
                <Group gap="xs">
                  {deviceOf(session.Device, session.Means)}
                  {session.IsCurrent && <Badge variant="light">This one</Badge>}
                </Group>
              </Table.Td>
              <Table.Td ff="monospace" fz="sm" c="dimmed">
                {session.Address}
              </Table.Td>
              <Table.Td c="dimmed">{session.LastSeen && <Ago at={session.LastSeen} />}</Table.Td>
              <Table.Td>
                {!session.IsCurrent && (
                  <Button size="compact-sm" variant="default" onClick={() => end(session.Id)}>
                    End
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}
