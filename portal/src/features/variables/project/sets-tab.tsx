import { ActionIcon, Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconBooks, IconPlus, IconX } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { ErrorNotice } from "@/components/error-notice";
import { SaveBar } from "@/components/form";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { ActionButton, useMay } from "@/components/permitted";
import { ManyPicker } from "@/components/picker";
import { TheirsNotice } from "@/components/theirs-notice";
import { notifyDone } from "@/lib/notify";
import { useDraft } from "@/lib/use-draft";
import { useProject } from "@/lib/use-project";
import { includedSetsQuery } from "../api";
import { useChangeProject } from "./api";

/** The library sets and script modules that the project includes, in the order that decides between equals. */
export function IncludedSetsTab() {
  const { space, project } = useProject();
  const need = { permission: "ProjectEdit", space, project: project.Id };
  const may = useMay(need);
  const changing = useChangeProject(space, project);
  const draft = useDraft(`${project.Id}/included`, project.IncludedLibraryVariableSetIds);
  const ids = draft.value;
  const sets = useQuery(includedSetsQuery(space, ids));
  const [adding, setAdding] = useState(false);
  const saving = useMutation({
    mutationFn: () => changing.mutateAsync({ IncludedLibraryVariableSetIds: ids }),
    onSuccess: (saved) => {
      draft.accept(saved.IncludedLibraryVariableSetIds);
      notifyDone("The library sets are saved.");
    },
  });
  const move = (from: number, to: number) => {
    const next = [...ids];
    next.splice(to, 0, ...next.splice(from, 1));
    draft.change(next);
  };
  const add = (
    <ActionButton
      size="compact-sm"
      variant="default"
      need={need}
      leftSection={<IconPlus size={14} />}
      onClick={() => setAdding(true)}
    >
      Include sets
    </ActionButton>
  );
  return (
    <>
      <TheirsNotice draft={draft} what="The list of library sets" />
      {saving.isError && <ErrorNotice error={saving.error} title="The library sets were not saved" />}
      <Panel title="Library sets and script modules" aside={ids.length > 0 && add} flush>
        {ids.length === 0 ? (
          <EmptyState icon={IconBooks} title="No library set yet" action={add}>
            Variables that several projects share are kept in the library; the project includes the sets that it wants.
          </EmptyState>
        ) : (
          <Loaded query={sets} what="The library sets">
            {(found) => (
              <DataTable
                label="Library sets"
                rows={found}
                keyOf={({ set }) => set.Id}
                columns={[
                  {
                    head: "Name",
                    cell: ({ set }) => (
                      <NameCell
                        name={
                          <TextLink
                            to={
                              set.ContentType === "ScriptModule"
                                ? "/app/$space/library/script-modules/$set"
                                : "/app/$space/library/variable-sets/$set"
                            }
                            params={{ space, set: set.Id }}
                          >
                            {set.Name}
                          </TextLink>
                        }
                      >
                        {set.Description}
                      </NameCell>
                    ),
                  },
                  {
                    head: "Holds",
                    width: 240,
                    cell: ({ set, variables }) =>
                      set.ContentType === "ScriptModule" ? (
                        <Badge>Script module</Badge>
                      ) : (
                        <Text size="sm" c="dimmed" className="numbers">
                          {variables.length === 1 ? "1 value" : `${variables.length} values`}
                          {set.Templates.length > 0 && `, ${set.Templates.length} for tenants`}
                        </Text>
                      ),
                  },
                  {
                    head: "Actions",
                    spoken: true,
                    width: 120,
                    cell: ({ set }) =>
                      may && (
                        <Group gap={2} wrap="nowrap" justify="flex-end">
                          <ActionIcon
                            aria-label={`Move ${set.Name} up`}
                            disabled={ids.indexOf(set.Id) === 0}
                            onClick={() => move(ids.indexOf(set.Id), ids.indexOf(set.Id) - 1)}
                          >
                            <IconArrowUp size={16} />
                          </ActionIcon>
                          <ActionIcon
                            aria-label={`Move ${set.Name} down`}
                            disabled={ids.indexOf(set.Id) === ids.length - 1}
                            onClick={() => move(ids.indexOf(set.Id), ids.indexOf(set.Id) + 1)}
                          >
                            <IconArrowDown size={16} />
                          </ActionIcon>
                          <ActionIcon
                            aria-label={`Do not include ${set.Name}`}
                            onClick={() => draft.change(ids.filter((id) => id !== set.Id))}
                          >
                            <IconX size={16} />
                          </ActionIcon>
                        </Group>
                      ),
                  },
                ]}
              />
            )}
          </Loaded>
        )}
      </Panel>
      <Text size="xs" c="dimmed" mt="xs">
        Of two sets with an equally specific value, the one that stands first goes before the other; the project's own
        goes before both. Releases that are there already keep what they have.
      </Text>
      {adding && (
        <IncludeSets
          space={space}
          included={ids}
          onDone={(more) => {
            draft.change([...ids, ...more]);
            setAdding(false);
          }}
          onClose={() => setAdding(false)}
        />
      )}
      <SaveBar
        isChanged={draft.isChanged}
        pending={saving.isPending}
        need={need}
        onSave={() => saving.mutate()}
        onDiscard={draft.discard}
      />
    </>
  );
}

interface IncludeProps {
  space: string;
  included: readonly string[];
  onDone: (more: string[]) => void;
  onClose: () => void;
}

function IncludeSets({ space, included, onDone, onClose }: IncludeProps) {
  const [chosen, setChosen] = useState<string[]>([]);
  const more = chosen.filter((id) => !included.includes(id));
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Include library sets</Text>}>
      <Stack>
        <ManyPicker
          kind="libraryvariablesets"
          space={space}
          label="Variable sets and script modules"
          value={chosen}
          onChange={setChosen}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Back
          </Button>
          <Button disabled={more.length === 0} onClick={() => onDone(more)}>
            Include
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
