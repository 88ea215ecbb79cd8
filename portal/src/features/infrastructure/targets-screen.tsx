import { CloseButton, Code, Group, Select, Table, Text, TextInput } from "@mantine/core";
import { IconSearch, IconServer2 } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { environmentsQuery, type Target, targetsQuery, useEnvironmentNames } from "@/api/reference";
import { EmptyState } from "@/components/empty-state";
import { TextLink } from "@/components/links";
import { Loaded } from "@/components/loaded";
import { Page, Panel } from "@/components/page";
import { StateBadge } from "@/components/state";
import { Tags } from "@/components/tags";
import { WideTable } from "@/components/wide-table";
import { healthOf, kindOf } from "./api";
import { CheckButton } from "./check-button";

export function TargetsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/targets" });
  const { environment } = useSearch({ from: "/shell/app/$space/infrastructure/targets" });
  const navigate = useNavigate({ from: "/app/$space/infrastructure/targets" });
  const [words, setWords] = useState("");
  const targets = useQuery({ ...targetsQuery(space), refetchInterval: 5000 });
  const environments = useQuery(environmentsQuery(space));
  const shown = (target: Target) =>
    (!environment || target.EnvironmentIds.includes(environment)) &&
    [target.Name, ...target.Roles, target.Uri ?? ""].some((text) => text.toLowerCase().includes(words.toLowerCase()));
  const checkable = (targets.data ?? []).filter((target) => !target.IsDisabled && shown(target));
  return (
    <Page
      title="Targets"
      description="The machines that releases are deployed to."
      actions={<CheckButton space={space} targets={checkable.map((target) => target.Id)} />}
    >
      <Group mb="md" gap="xs">
        <TextInput
          placeholder="Find by name, tag or address"
          aria-label="Find targets"
          leftSection={<IconSearch size={15} />}
          rightSection={words && <CloseButton size="sm" onClick={() => setWords("")} aria-label="Show all" />}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
          w={300}
        />
        <Select
          placeholder="All environments"
          aria-label="Environment"
          clearable
          data={(environments.data ?? []).map((one) => ({ value: one.Id, label: one.Name }))}
          value={environment ?? null}
          onChange={(value) => navigate({ search: { environment: value ?? undefined }, replace: true })}
          w={200}
        />
      </Group>
      <Panel flush>
        <Loaded query={targets} what="The targets">
          {(list) => (list.length === 0 ? <NoTargets /> : <TargetTable targets={list.filter(shown)} space={space} />)}
        </Loaded>
      </Panel>
    </Page>
  );
}

function TargetTable({ targets, space }: { targets: Target[]; space: string }) {
  const nameOf = useEnvironmentNames(space);
  if (targets.length === 0) {
    return (
      <Text size="sm" c="dimmed" p="xl" ta="center">
        No target fits.
      </Text>
    );
  }
  return (
    <WideTable minWidth={680}>
      <Table highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Target</Table.Th>
            <Table.Th w={150}>Health</Table.Th>
            <Table.Th>Environments</Table.Th>
            <Table.Th>Target tags</Table.Th>
            <Table.Th>Reached by</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {targets.map((target) => {
            const health = healthOf(target);
            return (
              <Table.Tr key={target.Id}>
                <Table.Td>
                  <TextLink
                    to="/app/$space/infrastructure/targets/$target"
                    params={{ space, target: target.Id }}
                    c="inherit"
                    fw={500}
                  >
                    {target.Name}
                  </TextLink>
                </Table.Td>
                <Table.Td>
                  <StateBadge of={health.of} word={health.word} />
                </Table.Td>
                <Table.Td>{target.EnvironmentIds.map(nameOf).join(", ")}</Table.Td>
                <Table.Td>
                  <Tags words={target.Roles} />
                </Table.Td>
                <Table.Td>
                  <Text size="sm">{kindOf(target.Endpoint)}</Text>
                  <Text size="xs" c="dimmed">
                    {target.Uri}
                  </Text>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </WideTable>
  );
}

function NoTargets() {
  const command = `polpo agent register --server ${window.location.origin} --api-key API-… \\
  --name web-1 --environment Development --role web`;
  return (
    <EmptyState icon={IconServer2} title="No target yet">
      A target runs an agent. Make an API key in your profile, then say on the machine:
      <Code block mt="sm" ta="left">
        {command}
      </Code>
    </EmptyState>
  );
}
