import { Checkbox, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { environmentsQuery, type Project } from "@/api/reference";
import { FormModal } from "@/components/form";
import { notifyDone } from "@/lib/notify";
import { useForm } from "@/lib/use-form";
import { type Tenant, useSaveTenant } from "./api";

interface Props {
  space: string;
  tenant: Tenant;
  project: Project;
  onClose: () => void;
}

/** In which environments a tenant has a project. */
export function ConnectionForm({ space, tenant, project, onClose }: Props) {
  const saving = useSaveTenant(space);
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  const form = useForm({ environments: tenant.ProjectEnvironments[project.Id] ?? [] }, saving.error);
  const save = () => {
    const connections = { ...tenant.ProjectEnvironments, [project.Id]: form.value.environments };
    saving.mutate(
      { ...tenant, ProjectEnvironments: connections },
      {
        onSuccess: () => {
          notifyDone("The connection is saved.");
          onClose();
        },
      },
    );
  };
  return (
    <FormModal
      title={`${project.Name} for ${tenant.Name}`}
      action="Save"
      form={form}
      pending={saving.isPending}
      need={{ permission: "TenantEdit", space, tenant: tenant.Id }}
      onSubmit={save}
      onClose={onClose}
    >
      <Checkbox.Group
        label="Environments"
        value={form.value.environments}
        onChange={(ids) => form.set({ environments: ids })}
        error={form.fault("ProjectEnvironments")}
      >
        <Stack gap="xs" mt={6}>
          {environments.map((one) => (
            <Checkbox key={one.Id} value={one.Id} label={one.Name} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Text size="sm" c="dimmed">
        In others, the project cannot be deployed for this tenant.
      </Text>
    </FormModal>
  );
}
