import { Badge, Code, Group, Stack, Text, TextInput } from "@mantine/core";
import { IconLock, IconSearch, IconVariable } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useNames } from "@/api/things";
import { DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Tags } from "@/components/tags";
import { scopeWords } from "@/lib/scope-words";
import { useRelease } from "./release-frame";
import { frozenVariablesQuery, type Variable, type VariableSet } from "./snapshot-api";

/** The values that a release deploys with, set by set. */
export function FrozenVariables() {
  const { space, project, release } = useRelease();
  const sets = useQuery(frozenVariablesQuery(space, release));
  const [words, setWords] = useState("");
  const libraries = (sets.data ?? []).map((one) => one.OwnerId).filter((id) => id !== project.Id);
  const nameOf = useNames("libraryvariablesets", space, libraries);
  return (
    <Loaded query={sets} what="The variables" rows={8}>
      {(data) =>
        data.every((set) => set.Variables.length === 0) ? (
          <Panel>
            <EmptyState icon={IconVariable} title="This release has no variables">
              The project had none when the release was made.
            </EmptyState>
          </Panel>
        ) : (
          <Stack>
            <TextInput
              type="search"
              w={{ base: "100%", xs: 300 }}
              aria-label="Find by name or value"
              placeholder="Find by name or value"
              leftSection={<IconSearch size={15} />}
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
            {data.map((set) => {
              const shown = set.Variables.filter((one) => fits(one, words));
              if (shown.length === 0) return null;
              return (
                <Panel key={set.Id} title={set.OwnerId === project.Id ? project.Name : nameOf(set.OwnerId)} flush>
                  <VariableTable set={set} variables={shown} />
                </Panel>
              );
            })}
          </Stack>
        )
      }
    </Loaded>
  );
}

function fits(variable: Variable, words: string): boolean {
  const sought = words.trim().toLowerCase();
  return [variable.Name, variable.Value ?? ""].some((text) => text.toLowerCase().includes(sought));
}

function VariableTable({ set, variables }: { set: VariableSet; variables: Variable[] }) {
  const sorted = [...variables].sort((one, other) => one.Name.localeCompare(other.Name));
  return (
    <DataTable
      label="Variables"
      rows={sorted}
      keyOf={(one) => one.Id}
      columns={[
        { head: "Name", width: "30%", cell: (one) => <NameCell name={one.Name}>{one.Description}</NameCell> },
        { head: "Value", cell: (one) => <Value variable={one} /> },
        { head: "Scope", width: "30%", cell: (one) => <Tags words={scopeWords(one.Scope, set.ScopeValues)} /> },
      ]}
    />
  );
}

function Value({ variable }: { variable: Variable }) {
  return (
    <Group gap={6}>
      {variable.IsSensitive ? (
        <Group gap={6} c="dimmed">
          <IconLock size={14} aria-hidden />
          <Text size="sm">Sensitive</Text>
        </Group>
      ) : variable.Value ? (
        <Code style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>{variable.Value}</Code>
      ) : (
        <Text size="sm" c="dimmed">
          empty
        </Text>
      )}
      {variable.Prompt && <Badge>Asked when deploying</Badge>}
    </Group>
  );
}
