import { ActionIcon, Group, Stack, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconVariable, IconX } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { namedQuery } from "@/api/things";
import { DataTable } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { FormFaults, SaveBar } from "@/components/form";
import { Panel } from "@/components/page";
import { Picker } from "@/components/picker";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraftForm } from "@/lib/use-draft-form";
import { useProject } from "@/lib/use-project";
import { useSaveProject } from "./api";

/** The library's sets whose variables and modules the project uses beside its own. */
export function VariableSetsSection() {
  const { space, project } = useProject();
  const saving = useSaveProject(space, project.Slug);
  const [form, draft] = useDraftForm(`sets:${project.Id}`, project, saving.error);
  const ids = form.value.IncludedLibraryVariableSetIds;
  const names = useQuery(namedQuery("libraryvariablesets", space, ids)).data ?? [];
  const set = (next: string[]) => form.set({ IncludedLibraryVariableSetIds: next });
  const rows = ids.map((id) => ({ id, name: names.find((one) => one.Id === id)?.Name ?? id }));
  const save = () =>
    saving.mutate(form.value, {
      onSuccess: (saved) => {
        draft.accept(saved);
        notifyDone("The project is saved.");
      },
    });
  return (
    <>
      <TheirsNotice draft={draft} what="The project" />
      <FormFaults form={form} title="The project was not saved" />
      <Panel title="Included variable sets and script modules" flush>
        <Stack p="md" gap="sm">
          <Text size="sm" c="dimmed">
            Their variables and functions are there for every step. Where the project has a variable of the same name
            and an equally narrow scope, the project's own wins.
          </Text>
          <Picker
            kind="libraryvariablesets"
            space={space}
            label="Include a set"
            placeholder="Choose a variable set or a script module"
            value={null}
            onChange={(id) => id && !ids.includes(id) && set([...ids, id])}
            error={form.fault("IncludedLibraryVariableSetIds")}
          />
        </Stack>
        {rows.length === 0 ? (
          <EmptyState icon={IconVariable} title="No set is included">
            Keep what several projects share, such as addresses and passwords, in a variable set of the library, and
            include it here.
          </EmptyState>
        ) : (
          <DataTable
            label="Included sets"
            rows={rows}
            keyOf={(row) => row.id}
            columns={[
              { head: "Set", cell: (row) => <Text fw={500}>{row.name}</Text> },
              {
                head: "Actions",
                spoken: true,
                width: 130,
                align: "right",
                cell: (row) => <Buttons ids={ids} id={row.id} name={row.name} onChange={set} />,
              },
            ]}
          />
        )}
      </Panel>
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={{ permission: "ProjectEdit", space, project: project.Id, projectGroup: project.ProjectGroupId }}
        onSave={save}
        onDiscard={() => {
          draft.discard();
          saving.reset();
        }}
      />
    </>
  );
}

interface ButtonsProps {
  ids: string[];
  id: string;
  name: string;
  onChange: (ids: string[]) => void;
}

function Buttons({ ids, id, name, onChange }: ButtonsProps) {
  const at = ids.indexOf(id);
  const others = ids.filter((one) => one !== id);
  const move = (to: number) => onChange([...others.slice(0, to), id, ...others.slice(to)]);
  return (
    <Group gap={2} justify="flex-end" wrap="nowrap">
      <ActionIcon aria-label={`Move ${name} up`} disabled={at === 0} onClick={() => move(at - 1)}>
        <IconArrowUp size={16} />
      </ActionIcon>
      <ActionIcon aria-label={`Move ${name} down`} disabled={at === ids.length - 1} onClick={() => move(at + 1)}>
        <IconArrowDown size={16} />
      </ActionIcon>
      <ActionIcon aria-label={`Leave out ${name}`} onClick={() => onChange(others)}>
        <IconX size={16} />
      </ActionIcon>
    </Group>
  );
}
