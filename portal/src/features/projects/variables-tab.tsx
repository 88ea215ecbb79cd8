import { Badge, Code, Group, Table, Text, TextInput } from "@mantine/core";
import { IconLock, IconSearch, IconVariable } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { EmptyState } from "@/components/empty-state";
import { Loaded } from "@/components/loaded";
import { Panel } from "@/components/page";
import { Tags } from "@/components/tags";
import { WideTable } from "@/components/wide-table";
import { type Variable, variablesQuery } from "./api";
import { useProject } from "./project-frame";
import { type ScopeNames, scopeWords } from "./scope";
import classes from "./variables-tab.module.css";

export function VariablesTab() {
  const { space, project } = useProject();
  const variables = useQuery(variablesQuery(space, project.Id));
  const [words, setWords] = useState("");
  return (
    <Loaded query={variables} what="The variables">
      {({ Variables, ScopeValues }) =>
        Variables.length === 0 ? (
          <Panel>
            <EmptyState icon={IconVariable} title="No variable yet">
              What differs between environments or targets goes here, and is put into scripts and files by{" "}
              <code>{"#{Name}"}</code>.
            </EmptyState>
          </Panel>
        ) : (
          <>
            <TextInput
              mb="md"
              w={300}
              placeholder="Find by name or value"
              aria-label="Find variables"
              leftSection={<IconSearch size={15} />}
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
            />
            <Panel flush>
              <VariableTable variables={Variables.filter((one) => fits(one, words))} names={ScopeValues} />
            </Panel>
          </>
        )
      }
    </Loaded>
  );
}

function fits(variable: Variable, words: string): boolean {
  const sought = words.trim().toLowerCase();
  return [variable.Name, variable.Value ?? ""].some((text) => text.toLowerCase().includes(sought));
}

function VariableTable({ variables, names }: { variables: Variable[]; names: ScopeNames | undefined }) {
  const sorted = [...variables].sort((a, b) => a.Name.localeCompare(b.Name));
  return (
    <WideTable minWidth={600}>
      <Table>
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="30%">Name</Table.Th>
            <Table.Th>Value</Table.Th>
            <Table.Th w="30%">Scope</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sorted.map((variable, index) => {
            const isFirst = sorted[index - 1]?.Name !== variable.Name;
            return (
              <Table.Tr key={variable.Id} className={isFirst ? undefined : classes.again}>
                <Table.Td className={classes.name}>
                  {isFirst && (
                    <>
                      <Text fw={500}>{variable.Name}</Text>
                      {variable.Description && (
                        <Text size="xs" c="dimmed">
                          {variable.Description}
                        </Text>
                      )}
                    </>
                  )}
                </Table.Td>
                <Table.Td>
                  <Value variable={variable} />
                </Table.Td>
                <Table.Td>
                  <Tags words={scopeWords(variable.Scope, names)} />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function Value({ variable }: { variable: Variable }) {
  const prompt = variable.Prompt && <Badge>Asked when deploying</Badge>;
  if (variable.IsSensitive) {
    return (
      <Group gap={6} c="dimmed">
        <IconLock size={14} aria-hidden />
        <Text size="sm">Sensitive</Text>
        {prompt}
      </Group>
    );
  }
  return (
    <Group gap={6}>
      {variable.Value ? <Code className={classes.value}>{variable.Value}</Code> : <Text c="dimmed">empty</Text>}
      {prompt}
    </Group>
  );
}
