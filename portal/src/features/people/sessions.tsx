import { Badge, Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type Column, DataTable } from "@/components/data-table";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { ActionButton, type Need } from "@/components/permitted";
import { Ago } from "@/components/time";
import { notifyError } from "@/lib/notify";
import { type Session, sessionsQuery, useEndSession } from "./api";
import { deviceOf } from "./devices";

interface Props {
  user: string;
  title?: string;
  /** What it takes to end sessions; nothing for one's own. */
  need?: Need;
  aside?: ReactNode;
}

/** Where somebody is signed in, to end what should not be. */
export function Sessions({ user, title = "Where you are signed in", need, aside }: Props) {
  const sessions = useQuery(sessionsQuery(user));
  return (
    <Panel title={title} aside={sessions.data?.length ? aside : undefined} flush>
      <Loaded query={sessions} what="The sessions">
        {(list) =>
          list.length === 0 ? (
            <Text size="sm" c="dimmed" p="md">
              Nowhere with a browser.
            </Text>
          ) : (
            <SessionTable user={user} sessions={list} need={need} />
          )
        }
      </Loaded>
    </Panel>
  );
}

function SessionTable({ user, sessions, need }: { user: string; sessions: Session[]; need?: Need }) {
  const ending = useEndSession(user);
  const end = (session: Session) =>
    ending.mutate(session.Id, { onError: (error) => notifyError("The session was not ended", error) });
  return (
    <DataTable
      label="Sessions"
      rows={sessions}
      columns={columnsOf(need, end)}
      keyOf={(session) => session.Id}
      minWidth={400}
    />
  );
}

function columnsOf(need: Need | undefined, onEnd: (session: Session) => void): Column<Session>[] {
  return [
    {
      head: "With",
      cell: (session) => (
        <Group gap="xs" title={session.Device}>
          <b>{deviceOf(session.Device, session.Means)}</b>
          {session.IsCurrent && <Badge>This one</Badge>}
        </Group>
      ),
    },
    { head: "By", dimmed: true, wideOnly: true, cell: (session) => session.Means },
    { head: "From", dimmed: true, cell: (session) => <code>{session.Address}</code> },
    { head: "Last seen", dimmed: true, cell: (session) => session.LastSeen && <Ago at={session.LastSeen} /> },
    {
      head: "Actions",
      spoken: true,
      width: 90,
      cell: (session) =>
        !session.IsCurrent && (
          <ActionButton size="compact-sm" variant="default" need={need} onClick={() => onEnd(session)}>
            End
          </ActionButton>
        ),
    },
  ];
}
