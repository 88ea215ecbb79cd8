import { ActionIcon, Group, Modal, Stack, Text } from "@mantine/core";
import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { projectGroupsQuery } from "@/api/reference";
import { DataTable, NameCell } from "@/components/data-table";
import { AskDelete } from "@/components/delete-button";
import { Loaded } from "@/components/loaded";
import { ActionButton, Permitted } from "@/components/permitted";
import { useDeleteGroup } from "./api";
import { GroupForm, type ProjectGroup } from "./group-form";

type Open = { kind: "add" } | { kind: "edit"; group: ProjectGroup } | { kind: "delete"; group: ProjectGroup } | null;

/** The project groups of the space: made, renamed, deleted. */
export function GroupsModal({ space, onClose }: { space: string; onClose: () => void }) {
  const groups = useQuery(projectGroupsQuery(space));
  const deleting = useDeleteGroup(space);
  const [open, setOpen] = useState<Open>(null);
  const close = () => setOpen(null);
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Project groups</Text>} size="lg">
      <Stack>
        <Group justify="space-between" gap="xs">
          <Text size="sm" c="dimmed" flex="1 1 280px">
            Groups order the dashboard and the list of projects, and teams can be let in group by group.
          </Text>
          <ActionButton
            size="compact-sm"
            need={{ permission: "ProjectGroupCreate", space }}
            leftSection={<IconPlus size={15} />}
            onClick={() => setOpen({ kind: "add" })}
          >
            Add a group
          </ActionButton>
        </Group>
        <Loaded query={groups} what="The project groups">
          {(rows) => (
            <DataTable
              label="Project groups"
              rows={rows}
              keyOf={(group) => group.Id}
              columns={[
                { head: "Group", cell: (group) => <NameCell name={group.Name}>{group.Description}</NameCell> },
                {
                  head: "Actions",
                  spoken: true,
                  width: 90,
                  align: "right",
                  cell: (group) => <Buttons space={space} group={group} onOpen={setOpen} />,
                },
              ]}
            />
          )}
        </Loaded>
      </Stack>
      {open?.kind === "add" && <GroupForm space={space} onClose={close} />}
      {open?.kind === "edit" && <GroupForm space={space} group={open.group} onClose={close} />}
      {open?.kind === "delete" && (
        <AskDelete
          what={`the group ${open.group.Name}`}
          deleting={() => deleting.mutateAsync(open.group.Id)}
          onDeleted={close}
          onClose={close}
        >
          A group that has projects is not deleted: move them first.
        </AskDelete>
      )}
    </Modal>
  );
}

function Buttons({ space, group, onOpen }: { space: string; group: ProjectGroup; onOpen: (open: Open) => void }) {
  const place = { space, projectGroup: group.Id };
  return (
    <Group gap={2} justify="flex-end" wrap="nowrap">
      <Permitted need={{ permission: "ProjectGroupEdit", ...place }}>
        {(may) => (
          <ActionIcon aria-label={`Edit ${group.Name}`} disabled={!may} onClick={() => onOpen({ kind: "edit", group })}>
            <IconPencil size={16} />
          </ActionIcon>
        )}
      </Permitted>
      <Permitted need={{ permission: "ProjectGroupDelete", ...place }}>
        {(may) => (
          <ActionIcon
            aria-label={`Delete ${group.Name}`}
            disabled={!may}
            onClick={() => onOpen({ kind: "delete", group })}
          >
            <IconTrash size={16} />
          </ActionIcon>
        )}
      </Permitted>
    </Group>
  );
}
