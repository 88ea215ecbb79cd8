import { ActionIcon, Button, Group, MultiSelect, Select, Stack, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { environmentsQuery } from "@/api/reference";
import { useNames } from "@/api/things";
import { Picker } from "@/components/picker";
import type { Form } from "@/lib/use-form";
import type { Freeze } from "./api";

interface Props {
  space: string;
  form: Form<Freeze>;
}

/** Projects, each with the environments in which nothing of it is deployed; and the same for single tenants. */
export function ScopeFields({ space, form }: Props) {
  return (
    <Stack gap="md">
      <Projects space={space} form={form} />
      <Tenants space={space} form={form} />
    </Stack>
  );
}

function useEnvironmentChoices(space: string, chosen: readonly string[]) {
  const { data = [] } = useQuery(environmentsQuery(space));
  const known = data.map((one) => ({ value: one.Id, label: one.Name }));
  const foreign = chosen.filter((id) => !data.some((one) => one.Id === id));
  return [...known, ...foreign.map((id) => ({ value: id, label: id }))];
}

function Projects({ space, form }: Props) {
  const scope = form.value.ProjectEnvironmentScope;
  const projects = Object.keys(scope);
  const nameOf = useNames("projects", space, projects);
  const [adding, setAdding] = useState(0);
  const add = (id: string | null) => {
    if (id && !(id in scope)) form.set({ ProjectEnvironmentScope: { ...scope, [id]: [] } });
    setAdding(adding + 1);
  };
  const remove = (id: string) => {
    const { [id]: _, ...rest } = scope;
    form.set({ ProjectEnvironmentScope: rest });
  };
  return (
    <Stack gap="xs">
      {projects.map((id) => (
        <Group key={id} gap="xs" align="flex-end" wrap="nowrap">
          <Environments
            space={space}
            project={nameOf(id)}
            value={scope[id] ?? []}
            onChange={(ids) => form.set({ ProjectEnvironmentScope: { ...scope, [id]: ids } })}
          />
          <ActionIcon size={36} aria-label={`Take out ${nameOf(id)}`} onClick={() => remove(id)}>
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Picker
        key={adding}
        kind="projects"
        space={space}
        label="Add a project"
        placeholder="Find a project"
        value={null}
        onChange={add}
        w={300}
      />
    </Stack>
  );
}

interface EnvironmentsProps {
  space: string;
  project: string;
  value: string[];
  onChange: (ids: string[]) => void;
}

function Environments({ space, project, value, onChange }: EnvironmentsProps) {
  return (
    <MultiSelect
      label={project}
      placeholder={value.length === 0 ? "Choose environments" : undefined}
      error={value.length === 0 ? "Without an environment it freezes nothing of this project." : undefined}
      searchable
      hidePickedOptions
      data={useEnvironmentChoices(space, value)}
      value={value}
      onChange={onChange}
      style={{ flex: 1 }}
    />
  );
}

function Tenants({ space, form }: Props) {
  const rows = form.value.TenantProjectEnvironmentScope;
  const set = (next: typeof rows) => form.set({ TenantProjectEnvironmentScope: next });
  const change = (index: number, patch: Partial<(typeof rows)[number]>) =>
    set(rows.map((one, place) => (place === index ? { ...one, ...patch } : one)));
  const environments = useEnvironmentChoices(
    space,
    rows.map((one) => one.EnvironmentId).filter((id) => id !== ""),
  );
  return (
    <Stack gap="xs">
      <Text size="sm" fw={500}>
        For single tenants
      </Text>
      {rows.map((row, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is what is being chosen
        <Group key={index} gap="xs" align="flex-end">
          <Picker
            kind="tenants"
            space={space}
            aria-label="Tenant"
            placeholder="Tenant"
            value={row.TenantId || null}
            onChange={(id) => change(index, { TenantId: id ?? "" })}
            w={200}
          />
          <Picker
            kind="projects"
            space={space}
            aria-label="Project of the tenant"
            placeholder="Project"
            value={row.ProjectId || null}
            onChange={(id) => change(index, { ProjectId: id ?? "" })}
            w={200}
          />
          <Select
            aria-label="Environment of the tenant"
            placeholder="Environment"
            searchable
            data={environments}
            value={row.EnvironmentId || null}
            onChange={(id) => change(index, { EnvironmentId: id ?? "" })}
            w={180}
          />
          <ActionIcon
            size={36}
            aria-label="Take out this tenant"
            onClick={() => set(rows.filter((_, place) => place !== index))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={15} />}
        onClick={() => set([...rows, { TenantId: "", ProjectId: "", EnvironmentId: "" }])}
        style={{ alignSelf: "flex-start" }}
      >
        Add a tenant
      </Button>
    </Stack>
  );
}
