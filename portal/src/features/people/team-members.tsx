import { Group, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { namedQuery, type Thing } from "@/api/things";
import { type Column, DataTable } from "@/components/data-table";
import { FormModal } from "@/components/form";
import { TextLink } from "@/components/links";
import { Panel } from "@/components/page";
import { Pages } from "@/components/pages";
import { ActionButton, type Need } from "@/components/permitted";
import { ManyPicker } from "@/components/picker";
import { notifyError } from "@/lib/notify";
import { PAGE } from "@/lib/search";
import { useForm } from "@/lib/use-form";
import { useNeedOverTeam } from "./power";
import { type Team, useChangeTeam } from "./teams-api";

/** Who is a member by name. Those whom groups of a provider bring are not listed: they come with their next sign-in. */
export function TeamMembers({ team }: { team: Team }) {
  const [adding, setAdding] = useState(false);
  const [page, setPage] = useState(1);
  const shown = team.MemberUserIds.slice((page - 1) * PAGE, page * PAGE);
  const { data: named = [] } = useQuery(namedQuery("users", "", shown));
  const rows = shown.map((id) => named.find((one) => one.Id === id) ?? { Id: id, Name: id });
  const need = useNeedOverTeam(team);
  const barred = team.CanChangeMembers ? null : "Every user belongs to this team.";
  const changing = useChangeTeam(team.Id);
  const remove = (user: Thing) =>
    changing.mutate(({ MemberUserIds }) => ({ MemberUserIds: MemberUserIds.filter((id) => id !== user.Id) }), {
      onError: (error) => notifyError(`${user.Name} was not removed`, error),
    });
  return (
    <Panel
      title="Members"
      flush
      aside={
        <ActionButton variant="default" need={need} barred={barred} onClick={() => setAdding(true)}>
          Add members
        </ActionButton>
      }
    >
      {rows.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          {team.CanChangeMembers ? "Nobody yet." : "Everybody who has an account."}
        </Text>
      ) : (
        <DataTable label="Members" rows={rows} columns={columnsOf(need, remove)} keyOf={(one) => one.Id} />
      )}
      <Pages total={team.MemberUserIds.length} size={PAGE} page={page} onPage={setPage} />
      {adding && <AddMembers team={team} onClose={() => setAdding(false)} />}
    </Panel>
  );
}

function columnsOf(need: Need, onRemove: (user: Thing) => void): Column<Thing>[] {
  return [
    {
      head: "Member",
      cell: (user) => (
        <TextLink to="/app/users/$user" params={{ user: user.Id }} c="inherit" fw={500}>
          {user.Name}
        </TextLink>
      ),
    },
    {
      head: "Actions",
      spoken: true,
      width: 110,
      cell: (user) => (
        <Group justify="flex-end">
          <ActionButton
            size="compact-sm"
            variant="default"
            need={need}
            aria-label={`Remove ${user.Name}`}
            onClick={() => onRemove(user)}
          >
            Remove
          </ActionButton>
        </Group>
      ),
    },
  ];
}

const NOBODY: { Users: string[] } = { Users: [] };

function AddMembers({ team, onClose }: { team: Team; onClose: () => void }) {
  const changing = useChangeTeam(team.Id);
  const form = useForm(NOBODY, changing.error);
  const add = () => {
    const given = form.value.Users;
    const merge = ({ MemberUserIds }: Team) => ({ MemberUserIds: [...new Set([...MemberUserIds, ...given])] });
    changing.mutate(merge, { onSuccess: onClose });
  };
  return (
    <FormModal
      title={`Add members to ${team.Name}`}
      action="Add"
      form={form}
      pending={changing.isPending}
      barred={form.value.Users.length > 0 ? null : "Choose users first."}
      onSubmit={add}
      onClose={onClose}
    >
      <ManyPicker
        label="Users"
        description="By name, user name or email."
        kind="users"
        space=""
        {...form.pick("Users")}
      />
    </FormModal>
  );
}
