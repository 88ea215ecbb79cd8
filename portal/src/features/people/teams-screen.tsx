import { Select, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useRights } from "@/api/rights";
import { spacesQuery } from "@/api/session";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { FormModal } from "@/components/form";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { Tags } from "@/components/tags";
import { useForm } from "@/lib/use-form";
import { useList } from "@/lib/use-list";
import { useSpace } from "@/lib/use-space";
import { SERVER, type Team, teamPageQuery, useAddTeam } from "./teams-api";

export function TeamsScreen() {
  const list = useList<"of">();
  const teams = useQuery(teamPageQuery(list, list.filters.of));
  const { data: spaces = [] } = useQuery(spacesQuery);
  const rights = useRights();
  const home = useSpace();
  const [adding, setAdding] = useState(false);
  const places = [{ value: SERVER, label: "The server" }, ...spaces.map((one) => ({ value: one.Id, label: one.Name }))];
  const levels = [undefined, home, ...spaces.map((one) => one.Id)];
  const place = levels.find((space) => rights.allows("TeamCreate", { space })) ?? home;
  const add = (
    <ActionButton
      need={{ permission: "TeamCreate", space: rights.allows("TeamCreate") ? undefined : place }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      Add a team
    </ActionButton>
  );
  return (
    <Page
      title="Teams"
      description="Who belongs together. The roles of a team say what its members may do, and where."
      actions={add}
    >
      <ListPanel
        what="The teams"
        list={list}
        query={teams}
        find="Find by name"
        filters={
          <Select
            aria-label="Teams of"
            placeholder="Of the server and all spaces"
            clearable
            data={places}
            value={list.filters.of ?? null}
            onChange={(of) => list.narrow({ of })}
            w={230}
          />
        }
        empty={
          <EmptyState icon={IconUsersGroup} title="No team that you may see" action={add}>
            Put the people who do the same work into a team, and give it the roles that this work needs.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label="Teams"
            rows={items}
            columns={columnsOf((id) => places.find((one) => one.value === (id ?? SERVER))?.label ?? id ?? "")}
            keyOf={(team) => team.Id}
          />
        )}
      </ListPanel>
      {adding && <AddTeam places={places} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function columnsOf(placeOf: (space: string | null) => string): Column<Team>[] {
  return [
    {
      head: "Team",
      cell: (team) => (
        <NameCell
          name={
            <TextLink to="/app/teams/$team" params={{ team: team.Id }} c="inherit">
              {team.Name}
            </TextLink>
          }
        >
          {team.Description}
        </NameCell>
      ),
    },
    { head: "Of", width: 170, cell: (team) => placeOf(team.SpaceId) },
    { head: "Members", width: 120, wideOnly: true, cell: membersOf },
    {
      head: "Kind",
      spoken: true,
      width: 110,
      wideOnly: true,
      cell: (team) => !team.CanBeDeleted && <Tags words={["Built in"]} />,
    },
  ];
}

function membersOf(team: Team): string {
  if (team.Id === "teams-everyone") return "Everybody";
  const groups = team.ExternalSecurityGroups.length;
  const counted = team.MemberUserIds.length.toLocaleString("en-US");
  return groups > 0 ? `${counted} and ${groups === 1 ? "1 group" : `${groups} groups`}` : counted;
}

interface AddProps {
  places: { value: string; label: string }[];
  onClose: () => void;
}

function AddTeam({ places, onClose }: AddProps) {
  const adding = useAddTeam();
  const navigate = useNavigate();
  const rights = useRights();
  const home = useSpace();
  const first = rights.allows("TeamCreate", { space: home }) ? home : SERVER;
  const form = useForm({ Name: "", Description: "", SpaceId: first as string | null }, adding.error);
  const { SpaceId: place } = form.value;
  const space = place === SERVER ? null : place;
  const add = () =>
    adding.mutate(
      { ...form.value, SpaceId: space },
      {
        onSuccess: (team) => {
          onClose();
          void navigate({ to: "/app/teams/$team", params: { team: team.Id } });
        },
      },
    );
  return (
    <FormModal
      title="Add a team"
      action="Add"
      form={form}
      pending={adding.isPending}
      need={{ permission: "TeamCreate", space: space ?? undefined }}
      onSubmit={add}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        placeholder="Web developers"
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("Name")}
      />
      <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
      <Select
        label="Of"
        description="A team of a space has roles there only. One of the server can have roles in every space, and roles over the server itself."
        data={places}
        allowDeselect={false}
        {...form.pick("SpaceId")}
      />
    </FormModal>
  );
}
