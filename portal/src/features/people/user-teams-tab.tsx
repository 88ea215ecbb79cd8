import { Badge, Text } from "@mantine/core";
import { IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Shape } from "@/api/client";
import { spacesQuery } from "@/api/session";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { JoinTeam } from "./join-team";
import { useUser } from "./user-frame";
import { membershipsQuery } from "./users-api";

type Membership = Shape<"TeamMembership">;

/** The teams that a user belongs to: from their roles comes what the user may do. */
export function UserTeamsTab() {
  const user = useUser();
  const memberships = useQuery(membershipsQuery(user.Id));
  const spaces = useQuery(spacesQuery);
  const [joining, setJoining] = useState(false);
  const placeOf = (one: Membership) =>
    one.SpaceId ? (spaces.data?.find((space) => space.Id === one.SpaceId)?.Name ?? one.SpaceId) : "The server";
  const join = <ActionButton onClick={() => setJoining(true)}>Add to a team</ActionButton>;
  return (
    <Panel title="Teams" aside={join} flush>
      <Loaded query={memberships} what="The teams">
        {(list) =>
          list.length === 0 ? (
            <EmptyState icon={IconUsersGroup} title="In no team" action={join}>
              Without a team there is nothing that they may do.
            </EmptyState>
          ) : (
            <DataTable label="Teams" rows={list} columns={columnsOf(placeOf)} keyOf={(one) => one.TeamId} />
          )
        }
      </Loaded>
      {joining && <JoinTeam user={user} onClose={() => setJoining(false)} />}
    </Panel>
  );
}

function columnsOf(placeOf: (one: Membership) => string): Column<Membership>[] {
  return [
    {
      head: "Team",
      cell: (one) => (
        <NameCell
          name={
            <TextLink to="/app/teams/$team" params={{ team: one.TeamId }} c="inherit">
              {one.TeamName}
            </TextLink>
          }
        />
      ),
    },
    { head: "Of", width: 200, cell: placeOf },
    { head: "Because", width: 260, cell: (one) => <Because membership={one} /> },
  ];
}

function Because({ membership }: { membership: Membership }) {
  if (membership.TeamId === "teams-everyone") return <Text size="sm">Everybody belongs to it</Text>;
  if (membership.IsDirectlyAssigned) return <Text size="sm">Member</Text>;
  return membership.ExternalSecurityGroups.map((group) => (
    <Badge key={group.Id} color="gray">
      {group.DisplayName || group.Id}
    </Badge>
  ));
}
