import { Group, Textarea, TextInput } from "@mantine/core";
import { IconBox, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useNames } from "@/api/things";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { FormModal } from "@/components/form";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton, useMay } from "@/components/permitted";
import { ManyPicker } from "@/components/picker";
import { StateBadge } from "@/components/state";
import { Tags } from "@/components/tags";
import { useForm } from "@/lib/use-form";
import { useList } from "@/lib/use-list";
import { type Space, spacePageQuery, useAddSpace } from "./spaces-api";

export function SpacesScreen() {
  const list = useList();
  const spaces = useQuery(spacePageQuery(list));
  const [adding, setAdding] = useState(false);
  const managers = [...new Set(spaces.data?.Items.flatMap((one) => one.SpaceManagersTeamMembers))];
  const nameOf = useNames("users", "", useMay({ permission: "UserView" }) ? managers : []);
  const add = (
    <ActionButton
      need={{ permission: "SpaceCreate" }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      Add a space
    </ActionButton>
  );
  return (
    <Page
      title="Spaces"
      description="Each has its own projects, environments, library and teams, apart from all others."
      actions={add}
    >
      <ListPanel
        what="The spaces"
        list={list}
        query={spaces}
        find="Find by name"
        empty={
          <EmptyState icon={IconBox} title="No space that you may see" action={add}>
            Somebody who manages a space can add you to one of its teams.
          </EmptyState>
        }
      >
        {(items) => <DataTable label="Spaces" rows={items} columns={columnsOf(nameOf)} keyOf={(one) => one.Id} />}
      </ListPanel>
      {adding && <AddSpace onClose={() => setAdding(false)} />}
    </Page>
  );
}

function columnsOf(nameOf: (id: string) => string): Column<Space>[] {
  return [
    {
      head: "Space",
      cell: (space) => (
        <Group gap="sm" wrap="nowrap">
          <img src={logoOf(space)} width={28} height={28} alt="" style={{ borderRadius: 6 }} />
          <NameCell
            name={
              <TextLink to="/app/spaces/$space" params={{ space: space.Id }} c="inherit">
                {space.Name}
              </TextLink>
            }
          >
            {space.Description}
          </NameCell>
        </Group>
      ),
    },
    {
      head: "Managers",
      width: 240,
      wideOnly: true,
      dimmed: true,
      cell: (space) => space.SpaceManagersTeamMembers.map(nameOf).join(", "),
    },
    {
      head: "State",
      width: 190,
      cell: (space) => (
        <Group gap={6}>
          {space.IsDefault && <Tags words={["Default"]} />}
          {space.TaskQueueStopped && <StateBadge of="waiting" word="Starts no tasks" />}
        </Group>
      ),
    },
  ];
}

/** Its picture, read anew after each change. */
export function logoOf(space: Pick<Space, "Id" | "LastModifiedOn" | "Name">): string {
  return `/api/spaces/${space.Id}/logo?cb=${encodeURIComponent(`${space.Name}${space.LastModifiedOn}`)}`;
}

const NEW = { Name: "", Description: "", SpaceManagersTeamMembers: [] as string[] };

function AddSpace({ onClose }: { onClose: () => void }) {
  const adding = useAddSpace();
  const navigate = useNavigate();
  const form = useForm(NEW, adding.error);
  const add = () =>
    adding.mutate(form.value, {
      onSuccess: (space) => {
        onClose();
        void navigate({ to: "/app/spaces/$space", params: { space: space.Id } });
      },
    });
  return (
    <FormModal title="Add a space" action="Add" form={form} pending={adding.isPending} onSubmit={add} onClose={onClose}>
      <TextInput label="Name" data-autofocus required withAsterisk={false} {...form.field("Name")} />
      <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
      <ManyPicker
        label="Managers"
        description="They do everything in the space. Without any, it is you."
        kind="users"
        space=""
        {...form.pick("SpaceManagersTeamMembers")}
      />
    </FormModal>
  );
}
