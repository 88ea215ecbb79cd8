import { Button, Group, NumberInput, Text } from "@mantine/core";
import { FormModal } from "@/components/form";
import { ManyPicker } from "@/components/picker";
import { TagField } from "@/components/tenanted";
import { useForm } from "@/lib/use-form";
import { type Configuration, useConfigure } from "./api";

interface Props {
  space: string;
  configuration: Configuration;
  onClose: () => void;
}

/** What this person sees on the dashboard of the space, on every machine. */
export function Configure({ space, configuration, onClose }: Props) {
  const saving = useConfigure(space);
  const form = useForm(configuration, saving.error);
  const picker = (name: ListName, label: string, kind: "projects" | "projectgroups" | "environments" | "tenants") => (
    <ManyPicker
      kind={kind}
      space={space}
      label={label}
      placeholder={form.value[name].length === 0 ? "All" : undefined}
      {...form.pick(name)}
    />
  );
  const tags = (name: ListName, label: string, scope: string) => (
    <TagField space={space} label={label} scope={scope} {...form.pick(name)} />
  );
  return (
    <FormModal
      title="Configure your dashboard"
      action="Save"
      size="lg"
      form={form}
      pending={saving.isPending}
      onSubmit={() => saving.mutate(form.value, { onSuccess: onClose })}
      onClose={onClose}
    >
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" flex="1 1 320px">
          Only you see it so, in this space. What is left empty shows everything.
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => form.set(EVERYTHING)}>
          Show everything
        </Button>
      </Group>
      {picker("IncludedProjectGroupIds", "Project groups", "projectgroups")}
      {picker("IncludedProjectIds", "Projects", "projects")}
      {tags("IncludedProjectTags", "Project tags", "Project")}
      {picker("IncludedEnvironmentIds", "Environments", "environments")}
      {tags("IncludedEnvironmentTags", "Environment tags", "Environment")}
      {picker("IncludedTenantIds", "Tenants", "tenants")}
      {tags("IncludedTenantTags", "Tenant tags", "Tenant")}
      <NumberInput
        label="Projects at most"
        description="The first ones by name."
        placeholder="No limit"
        min={1}
        max={1000}
        allowDecimal={false}
        value={form.value.ProjectLimit ?? ""}
        onChange={(value) => form.set({ ProjectLimit: value === "" ? null : Number(value) })}
        error={form.fault("ProjectLimit")}
      />
    </FormModal>
  );
}

type ListName = Extract<keyof Configuration, `Included${string}`>;

const EVERYTHING: Pick<Configuration, ListName | "ProjectLimit"> = {
  IncludedProjectIds: [],
  IncludedProjectGroupIds: [],
  IncludedProjectTags: [],
  IncludedEnvironmentIds: [],
  IncludedEnvironmentTags: [],
  IncludedTenantIds: [],
  IncludedTenantTags: [],
  ProjectLimit: null,
};
