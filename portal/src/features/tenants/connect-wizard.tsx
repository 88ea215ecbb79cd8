import { Button, Group, Modal, MultiSelect, Stack, Text } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { environmentsQuery } from "@/api/reference";
import { FormModal } from "@/components/form";
import { ManyPicker } from "@/components/picker";
import { TagFilter } from "@/components/tag-fields";
import { useForm } from "@/lib/use-form";
import { tenantCountQuery, useConnect } from "./api";
import { MissingOf } from "./missing-of";

interface Props {
  space: string;
  /** Those that are chosen already. */
  tenants?: readonly string[];
  /** Where the wizard is about one tenant, or one project, that is not to be chosen. */
  tenant?: { Id: string; Name: string };
  project?: { Id: string; Name: string };
  onClose: () => void;
}

interface Fields {
  tenants: string[];
  tags: string[];
  projects: string[];
  environments: string[];
}

/** Connects tenants to projects: first who and where, then which values they lack for it. */
export function ConnectWizard({ space, tenants = [], tenant, project, onClose }: Props) {
  const connecting = useConnect(space);
  const [done, setDone] = useState<string[] | null>(null);
  const fresh: Fields = {
    tenants: tenant ? [tenant.Id] : [...tenants],
    tags: [],
    projects: project ? [project.Id] : [],
    environments: [],
  };
  const form = useForm(fresh, connecting.error);
  const { value } = form;
  const send = () =>
    connecting.mutate(
      {
        TenantIds: value.tenants,
        TenantTags: value.tags,
        ProjectEnvironments: Object.fromEntries(value.projects.map((id) => [id, value.environments])),
      },
      { onSuccess: ({ TenantIds }) => setDone(TenantIds) },
    );
  if (done) {
    return <Connected space={space} tenants={done} projects={value.projects} onClose={onClose} />;
  }
  const title = tenant ? `Connect ${tenant.Name}` : project ? `Connect tenants to ${project.Name}` : "Connect tenants";
  return (
    <FormModal
      title={title}
      action="Connect"
      size="lg"
      form={form}
      pending={connecting.isPending}
      barred={barredBecause(value)}
      need={{ permission: "TenantEdit", space, tenant: tenant?.Id }}
      onSubmit={send}
      onClose={onClose}
    >
      {!tenant && <Who space={space} value={value} onChange={form.set} fault={form.fault} />}
      {!project && (
        <ManyPicker
          kind="projects"
          space={space}
          label="Projects"
          placeholder={value.projects.length === 0 ? "Choose projects" : undefined}
          value={value.projects}
          onChange={(projects) => form.set({ projects })}
        />
      )}
      <Environments space={space} value={value.environments} onChange={(environments) => form.set({ environments })} />
      <FaultOfPlaces fault={form.fault("ProjectEnvironments")} />
      <Text size="sm" c="dimmed">
        Connections that are there already stay as they are.
      </Text>
    </FormModal>
  );
}

function barredBecause({ tenants, tags, projects, environments }: Fields): string | null {
  if (tenants.length + tags.length === 0) return "Choose tenants, or tags that they have.";
  if (projects.length === 0) return "Choose a project.";
  return environments.length === 0 ? "Choose an environment." : null;
}

interface WhoProps {
  space: string;
  value: Fields;
  onChange: (part: Partial<Fields>) => void;
  fault: (name: string) => string | undefined;
}

function Who({ space, value, onChange, fault }: WhoProps) {
  const { data: count } = useQuery(tenantCountQuery(space, value.tags));
  return (
    <>
      <ManyPicker
        kind="tenants"
        space={space}
        label="Tenants"
        placeholder={value.tenants.length === 0 ? "Choose tenants" : undefined}
        value={value.tenants}
        onChange={(tenants) => onChange({ tenants })}
        error={fault("TenantIds")}
      />
      <TagFilter
        space={space}
        scope="Tenant"
        label="And all with the tags"
        value={value.tags}
        onChange={(tags) => onChange({ tags })}
      />
      {value.tags.length > 0 && count !== undefined && (
        <Text size="sm" c="dimmed" role="status" className="numbers">
          {count === 1 ? "1 tenant has" : `${count} tenants have`} a tag of each set that is named here.
        </Text>
      )}
    </>
  );
}

interface EnvironmentsProps {
  space: string;
  value: string[];
  onChange: (ids: string[]) => void;
}

function Environments({ space, value, onChange }: EnvironmentsProps) {
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  return (
    <Stack gap={4}>
      <MultiSelect
        label="Environments"
        placeholder={value.length === 0 ? "Choose environments" : undefined}
        searchable
        clearable
        data={environments.map((one) => ({ value: one.Id, label: one.Name }))}
        value={value}
        onChange={onChange}
      />
      {value.length < environments.length && (
        <Group>
          <Button
            size="compact-xs"
            variant="subtle"
            color="gray"
            onClick={() => onChange(environments.map((one) => one.Id))}
          >
            Choose all environments
          </Button>
        </Group>
      )}
    </Stack>
  );
}

function FaultOfPlaces({ fault }: { fault: string | undefined }) {
  if (!fault) return null;
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert">
      {fault}
    </Text>
  );
}

interface ConnectedProps {
  space: string;
  tenants: string[];
  projects: string[];
  onClose: () => void;
}

function Connected({ space, tenants, projects, onClose }: ConnectedProps) {
  const count = tenants.length;
  return (
    <Modal opened onClose={onClose} size="lg" title={<Text fw={600}>Connected</Text>}>
      <Stack>
        <Group gap="xs" wrap="nowrap" align="flex-start">
          <IconCircleCheck size={20} color="var(--state-success)" aria-hidden />
          <Text size="sm" role="status">
            {count === 0 && "All of them were connected there already; nothing has changed."}
            {count === 1 && "1 tenant is connected to something new."}
            {count > 1 && `${count} tenants are connected to something new.`}
          </Text>
        </Group>
        {count > 0 && <MissingOf space={space} tenants={tenants} projects={projects} />}
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            Done
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
