import { Checkbox, Select, Stack, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { type Channel, environmentsQuery, lifecyclesQuery, type Project } from "@/api/reference";
import { Panel } from "@/components/page";
import { TagField } from "@/components/tenanted";
import type { Form } from "@/lib/use-form";

export function About({ form, wasDefault }: { form: Form<Channel>; wasDefault: boolean }) {
  return (
    <Panel title="About">
      <Stack gap="sm">
        <TextInput label="Name" {...form.field("Name")} />
        <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
        <Checkbox
          label="The default channel"
          description={
            wasDefault
              ? "Releases that name no channel come here. To change that, make another channel the default."
              : "Releases that name no channel come here; it takes over from the channel that is the default now."
          }
          {...form.check("IsDefault")}
          disabled={wasDefault}
        />
      </Stack>
    </Panel>
  );
}

const TYPES = [
  { value: "Lifecycle", label: "Through the phases of a lifecycle" },
  { value: "EphemeralEnvironment", label: "To ephemeral environments below a parent" },
];

/** Where releases of the channel go, and for which tenants. */
export function Route({ form, space, project }: { form: Form<Channel>; space: string; project: Project }) {
  const lifecycles = useQuery(lifecyclesQuery(space)).data ?? [];
  const { Type, TenantTags } = form.value;
  const projects = lifecycles.find((one) => one.Id === project.LifecycleId)?.Name;
  return (
    <Panel title="Where its releases go">
      <Stack gap="sm">
        <Select
          label="Way"
          data={TYPES}
          value={Type}
          allowDeselect={false}
          onChange={(value) => value && form.set({ Type: value as typeof Type })}
          maw={420}
        />
        {Type === "Lifecycle" ? (
          <Select
            label="Lifecycle"
            description="A change also holds for releases that exist."
            placeholder={projects ? `${projects}, the project's` : "The project's"}
            clearable
            searchable
            data={lifecycles.map((one) => ({ value: one.Id, label: one.Name }))}
            {...form.pick("LifecycleId")}
            maw={420}
          />
        ) : (
          <Ephemeral form={form} space={space} />
        )}
        <TagField
          space={space}
          label="Only tenants with tags"
          value={TenantTags}
          onChange={(tags) => form.set({ TenantTags: tags })}
          error={form.fault("TenantTags")}
        />
      </Stack>
    </Panel>
  );
}

function Ephemeral({ form, space }: { form: Form<Channel>; space: string }) {
  const environments = useQuery(environmentsQuery(space)).data ?? [];
  const parents = environments.filter((one) => one.Type === "Parent");
  return (
    <>
      <Select
        label="Parent environment"
        description={parents.length === 0 ? "The space has no parent environment yet." : undefined}
        data={parents.map((one) => ({ value: one.Id, label: one.Name }))}
        {...form.pick("ParentEnvironmentId")}
        maw={420}
      />
      <TextInput
        label="Names of environments"
        description="With variables, such as #{Octopus.Release.CustomFields[Branch]}."
        {...form.field("EphemeralEnvironmentNameTemplate")}
        maw={420}
      />
      <Checkbox
        label="Make the environment and deploy to it when a release is made"
        {...form.check("AutomaticEphemeralEnvironmentDeployments")}
      />
    </>
  );
}
