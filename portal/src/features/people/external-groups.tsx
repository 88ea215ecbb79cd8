import { Group, Select, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api } from "@/api/client";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { FormModal } from "@/components/form";
import { Panel } from "@/components/page";
import { ActionButton, type Need } from "@/components/permitted";
import { notifyError } from "@/lib/notify";
import { useForm } from "@/lib/use-form";
import { useNeedOverTeam } from "./power";
import { groupProvidersQuery, type Team, useChangeTeam } from "./teams-api";

type ExternalGroup = Team["ExternalSecurityGroups"][number];

/** Groups of a directory or a sign-in provider whose people belong to the team as well. */
export function ExternalGroups({ team }: { team: Team }) {
  const [adding, setAdding] = useState(false);
  const changing = useChangeTeam(team.Id);
  const need = useNeedOverTeam(team);
  const remove = (group: ExternalGroup) =>
    changing.mutate(
      (now) => ({ ExternalSecurityGroups: now.ExternalSecurityGroups.filter((one) => one.Id !== group.Id) }),
      { onError: (error) => notifyError("The group was not removed", error) },
    );
  return (
    <Panel
      title="Groups from outside"
      flush
      aside={
        <ActionButton variant="default" need={need} onClick={() => setAdding(true)}>
          Add a group
        </ActionButton>
      }
    >
      {team.ExternalSecurityGroups.length === 0 ? (
        <Text size="sm" c="dimmed" p="md">
          People of a directory's or a sign-in provider's group can belong to the team without being named here. They
          join with their next sign-in.
        </Text>
      ) : (
        <DataTable
          label="Groups from outside"
          rows={team.ExternalSecurityGroups}
          columns={columnsOf(need, remove)}
          keyOf={(group) => group.Id}
        />
      )}
      {adding && <AddGroup team={team} onClose={() => setAdding(false)} />}
    </Panel>
  );
}

function columnsOf(need: Need, onRemove: (group: ExternalGroup) => void): Column<ExternalGroup>[] {
  return [
    { head: "Group", cell: (group) => <NameCell name={group.DisplayName || group.Id}>{group.Id}</NameCell> },
    {
      head: "Actions",
      spoken: true,
      width: 110,
      cell: (group) => (
        <Group justify="flex-end">
          <ActionButton size="compact-sm" variant="default" need={need} onClick={() => onRemove(group)}>
            Remove
          </ActionButton>
        </Group>
      ),
    },
  ];
}

const NONE = { Id: "", DisplayName: "" };

function AddGroup({ team, onClose }: { team: Team; onClose: () => void }) {
  const { data: providers = [] } = useQuery(groupProvidersQuery);
  const changing = useChangeTeam(team.Id);
  const form = useForm(NONE, changing.error);
  const add = () => {
    const group = { ...form.value, DisplayName: form.value.DisplayName || form.value.Id, DisplayIdAndName: false };
    const merge = (now: Team) => ({ ExternalSecurityGroups: [...now.ExternalSecurityGroups, group] });
    changing.mutate(merge, { onSuccess: onClose });
  };
  return (
    <FormModal
      title="Add a group from outside"
      action="Add"
      form={form}
      pending={changing.isPending}
      barred={form.value.Id ? null : "Say which group first."}
      onSubmit={add}
      onClose={onClose}
    >
      {providers.some((one) => one.SupportsGroupLookup) && <DirectoryGroup onChoose={form.set} />}
      <TextInput
        label="Group"
        description="Just as the provider writes it: a distinguished name of a directory, or a value of the claim of groups."
        required
        withAsterisk={false}
        {...form.field("Id")}
      />
      <TextInput label="Name to show" {...form.field("DisplayName")} />
    </FormModal>
  );
}

/** Finds the group in the directory, so that nobody has to write a distinguished name. */
function DirectoryGroup({ onChoose }: { onChoose: (group: { Id: string; DisplayName: string }) => void }) {
  const [words, setWords] = useState("");
  const [sought] = useDebouncedValue(words.trim(), 300);
  const found = useQuery({
    queryKey: ["directory-groups", sought],
    queryFn: () => answer(api.GET("/api/externalgroups/ldap", { params: { query: { partialName: sought } } })),
    enabled: sought.length > 1,
  });
  const groups = found.data ?? [];
  return (
    <Select
      label="Find in the directory"
      placeholder="A part of the name"
      searchable
      data={groups.map((one) => ({ value: one.Id, label: one.DisplayName }))}
      onSearchChange={setWords}
      filter={({ options }) => options}
      error={found.error?.message}
      nothingFoundMessage={sought.length > 1 && found.isSuccess ? "No group has such a name" : undefined}
      onChange={(id) => {
        const group = groups.find((one) => one.Id === id);
        if (group) onChoose({ Id: group.Id, DisplayName: group.DisplayName });
      }}
    />
  );
}
