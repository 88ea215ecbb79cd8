import { Button, Group, Modal, Stack, Table, Text, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconWorld } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { type Environment, environmentsQuery, type Target, targetsQuery } from "@/api/reference";
import { EmptyState } from "@/components/empty-state";
import { ErrorNotice } from "@/components/error-notice";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { StateBadge } from "@/components/state";
import { WideTable } from "@/components/wide-table";
import { healthOf, useAddEnvironment } from "./api";

export function EnvironmentsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/environments" });
  const [adding, setAdding] = useState(false);
  const environments = useQuery(environmentsQuery(space));
  const targets = useQuery({ ...targetsQuery(space), refetchInterval: 10_000 });
  const add = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setAdding(true)}>
      Add an environment
    </Button>
  );
  return (
    <Page title="Environments" description="The places that releases go through, in their order." actions={add}>
      <Panel flush>
        <Loaded query={environments} what="The environments">
          {(list) =>
            list.length === 0 ? (
              <EmptyState icon={IconWorld} title="No environment yet" action={add}>
                Begin with the one that every release goes to first, often called Development; then add those after it.
              </EmptyState>
            ) : (
              <EnvironmentTable environments={list} targets={targets.data ?? []} space={space} />
            )
          }
        </Loaded>
      </Panel>
      {adding && <AddEnvironment space={space} onClose={() => setAdding(false)} />}
    </Page>
  );
}

interface TableProps {
  environments: Environment[];
  targets: Target[];
  space: string;
}

function EnvironmentTable({ environments, targets, space }: TableProps) {
  return (
    <WideTable minWidth={520}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Environment</Table.Th>
            <Table.Th w={160}>Targets</Table.Th>
            <Table.Th w={280}>Health</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {environments.map((environment) => {
            const own = targets.filter((target) => target.EnvironmentIds.includes(environment.Id));
            return (
              <Table.Tr key={environment.Id}>
                <Table.Td>
                  <Text fw={500}>{environment.Name}</Text>
                  {environment.Description && (
                    <Text size="sm" c="dimmed">
                      {environment.Description}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  <TextLink
                    to="/app/$space/infrastructure/targets"
                    params={{ space }}
                    search={{ environment: environment.Id }}
                    size="sm"
                  >
                    {own.length === 1 ? "1 target" : `${own.length} targets`}
                  </TextLink>
                </Table.Td>
                <Table.Td>
                  <Health targets={own} />
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

/** How many targets are in each state of health. */
function Health({ targets }: { targets: Target[] }) {
  const counts = new Map<string, { count: number; shown: ReturnType<typeof healthOf> }>();
  for (const target of targets) {
    const shown = healthOf(target);
    counts.set(shown.word, { shown, count: (counts.get(shown.word)?.count ?? 0) + 1 });
  }
  return (
    <Group gap={6}>
      {[...counts.values()].map(({ shown, count }) => (
        <StateBadge key={shown.word} of={shown.of} word={`${count} ${shown.word.toLowerCase()}`} />
      ))}
    </Group>
  );
}

function AddEnvironment({ space, onClose }: { space: string; onClose: () => void }) {
  const [name, setName] = useState("");
  const [description, setDescription] = useState("");
  const adding = useAddEnvironment(space);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    adding.mutate({ Name: name, Description: description }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={<Text fw={600}>Add an environment</Text>}>
      <form onSubmit={submit}>
        <Stack>
          {adding.isError && <ErrorNotice error={adding.error} />}
          <TextInput
            label="Name"
            placeholder="Development"
            data-autofocus
            required
            withAsterisk={false}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              Back
            </Button>
            <Button type="submit" loading={adding.isPending}>
              Add
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
