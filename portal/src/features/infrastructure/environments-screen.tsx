import { Group, Textarea, TextInput } from "@mantine/core";
import { IconPlus, IconWorld } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useState } from "react";
import { type Environment, type Target, targetsQuery } from "@/api/reference";
import { type Column, DataTable, NameCell } from "@/components/data-table";
import { EmptyState } from "@/components/empty-state";
import { FormModal } from "@/components/form";
import { TextLink } from "@/components/links";
import { ListPanel } from "@/components/list-panel";
import { Page } from "@/components/page";
import { ActionButton } from "@/components/permitted";
import { StateBadge } from "@/components/state";
import { useForm } from "@/lib/use-form";
import { useList } from "@/lib/use-list";
import { environmentPageQuery, healthOf, useAddEnvironment } from "./api";

export function EnvironmentsScreen() {
  const { space } = useParams({ from: "/shell/app/$space/infrastructure/environments" });
  const [adding, setAdding] = useState(false);
  const list = useList();
  const environments = useQuery(environmentPageQuery(space, list));
  const targets = useQuery({ ...targetsQuery(space), refetchInterval: 10_000 });
  const add = (
    <ActionButton
      need={{ permission: "EnvironmentCreate", space }}
      leftSection={<IconPlus size={16} />}
      onClick={() => setAdding(true)}
    >
      Add an environment
    </ActionButton>
  );
  return (
    <Page title="Environments" description="The places that releases go through, in their order." actions={add}>
      <ListPanel
        what="The environments"
        list={list}
        query={environments}
        find="Find by name"
        empty={
          <EmptyState icon={IconWorld} title="No environment yet" action={add}>
            Begin with the one that every release goes to first, often called Development; then add those after it.
          </EmptyState>
        }
      >
        {(items) => (
          <DataTable
            label="Environments"
            rows={items}
            columns={columnsOf(space, targets.data ?? [])}
            keyOf={(one) => one.Id}
          />
        )}
      </ListPanel>
      {adding && <AddEnvironment space={space} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function columnsOf(space: string, targets: Target[]): Column<Environment>[] {
  const within = (environment: Environment) => targets.filter((one) => one.EnvironmentIds.includes(environment.Id));
  return [
    { head: "Environment", cell: (one) => <NameCell name={one.Name}>{one.Description}</NameCell> },
    {
      head: "Targets",
      width: 160,
      cell: (one) => <TargetsLink space={space} environment={one.Id} count={within(one).length} />,
    },
    { head: "Health", width: 280, wideOnly: true, cell: (one) => <Health targets={within(one)} /> },
  ];
}

function TargetsLink({ space, environment, count }: { space: string; environment: string; count: number }) {
  return (
    <TextLink to="/app/$space/infrastructure/targets" params={{ space }} search={{ environment }} size="sm">
      {count === 1 ? "1 target" : `${count} targets`}
    </TextLink>
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

const NEW = { Name: "", Description: "" };

function AddEnvironment({ space, onClose }: { space: string; onClose: () => void }) {
  const adding = useAddEnvironment(space);
  const form = useForm(NEW, adding.error);
  return (
    <FormModal
      title="Add an environment"
      action="Add"
      form={form}
      pending={adding.isPending}
      onSubmit={() => adding.mutate(form.value, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        label="Name"
        placeholder="Development"
        data-autofocus
        required
        withAsterisk={false}
        {...form.field("Name")}
      />
      <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
    </FormModal>
  );
}
