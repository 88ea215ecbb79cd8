import { Checkbox, MultiSelect, Select, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { channelsQuery, environmentsQuery, type Project } from "@/api/reference";
import { ManyPicker, Picker } from "@/components/picker";
import { TagField } from "@/components/tenanted";
import type { Form } from "@/lib/use-form";
import type { Action, Trigger } from "./api";
import { actionOf, KINDS, type Kind } from "./kinds";
import { ACTION_WORDS } from "./words";

interface Props {
  space: string;
  project: Project;
  form: Form<Trigger>;
  kind: Kind;
}

/** What the trigger starts, and where. */
export function ActionFields({ space, project, form, kind }: Props) {
  const action = form.value.Action;
  const set = (patch: Partial<Action>) => form.set({ Action: { ...action, ...patch } });
  const offered = KINDS[kind].actions;
  const types = offered.includes(action.ActionType) ? offered : [...offered, action.ActionType];
  return (
    <Stack gap="sm">
      {types.length > 1 ? (
        <Select
          label="Action"
          data={types.map((type) => ({ value: type, label: ACTION_WORDS[type] }))}
          value={action.ActionType}
          allowDeselect={false}
          onChange={(type) => type && form.set({ Action: actionOf(type as Action["ActionType"], action) })}
          maw={420}
        />
      ) : (
        <Text fw={500}>{ACTION_WORDS[action.ActionType]}</Text>
      )}
      <OfType space={space} project={project} form={form} set={set} />
    </Stack>
  );
}

interface FieldProps {
  space: string;
  project: Project;
  form: Form<Trigger>;
  set: (patch: Partial<Action>) => void;
}

function OfType(props: FieldProps) {
  const { form, set } = props;
  const action = form.value.Action;
  switch (action.ActionType) {
    case "AutoDeploy":
      return (
        <Checkbox
          label="Also when the target has it already"
          checked={action.ShouldRedeployWhenMachineHasBeenDeployedTo ?? false}
          onChange={(event) => set({ ShouldRedeployWhenMachineHasBeenDeployedTo: event.currentTarget.checked })}
        />
      );
    case "CreateRelease":
      return <ChannelField {...props} />;
    case "RunRunbook":
      return <RunbookFields {...props} />;
    case "DeployLatestRelease":
      return (
        <>
          <EnvironmentsField {...props} label="The latest release of" name="SourceEnvironmentIds" />
          <EnvironmentField {...props} label="To" name="DestinationEnvironmentId" />
          <ChannelField {...props} />
          <Again {...props} />
          <Tenants {...props} />
        </>
      );
    case "DeployLatestReleaseToEnvironment":
      return (
        <>
          <EnvironmentField {...props} label="To" name="EnvironmentId" />
          <ChannelField {...props} />
          <Again {...props} />
          <Tenants {...props} />
        </>
      );
    default:
      return (
        <>
          <EnvironmentField {...props} label="To" name="EnvironmentId" />
          <ChannelField {...props} />
          <Tenants {...props} />
        </>
      );
  }
}

function Again({ form, set }: FieldProps) {
  return (
    <Checkbox
      label="Also when it is there already"
      checked={form.value.Action.ShouldRedeployWhenReleaseIsCurrent ?? true}
      onChange={(event) => set({ ShouldRedeployWhenReleaseIsCurrent: event.currentTarget.checked })}
    />
  );
}

function ChannelField({ space, project, form, set }: FieldProps) {
  const channels = useQuery(channelsQuery(space, project.Id)).data ?? [];
  return (
    <Select
      label="Channel"
      placeholder={form.value.Action.ActionType.startsWith("DeployLatest") ? "Any channel" : "The default channel"}
      clearable
      data={channels.map((one) => ({ value: one.Id, label: one.Name }))}
      value={form.value.Action.ChannelId ?? null}
      onChange={(ChannelId) => set({ ChannelId })}
      error={form.fault("Action.ChannelId")}
      maw={420}
    />
  );
}

function useEnvironmentChoices(space: string) {
  const { data = [] } = useQuery(environmentsQuery(space));
  return data.map((one) => ({ value: one.Id, label: one.Name }));
}

interface OneProps extends FieldProps {
  label: string;
  name: "DestinationEnvironmentId" | "EnvironmentId";
}

function EnvironmentField({ space, form, set, label, name }: OneProps) {
  return (
    <Select
      label={label}
      placeholder="Choose an environment"
      searchable
      data={useEnvironmentChoices(space)}
      value={form.value.Action[name] ?? null}
      onChange={(id) => set({ [name]: id })}
      error={form.fault(`Action.${name}`)}
      maw={420}
    />
  );
}

interface ManyProps extends FieldProps {
  label: string;
  name: "SourceEnvironmentIds" | "EnvironmentIds";
}

function EnvironmentsField({ space, form, set, label, name }: ManyProps) {
  const chosen = form.value.Action[name] ?? [];
  return (
    <MultiSelect
      label={label}
      placeholder={chosen.length === 0 ? "Choose environments" : undefined}
      searchable
      hidePickedOptions
      data={useEnvironmentChoices(space)}
      value={chosen}
      onChange={(ids) => set({ [name]: ids })}
      error={form.fault(`Action.${name}`)}
      maw={560}
    />
  );
}

function RunbookFields(props: FieldProps) {
  const { space, project, form, set } = props;
  const action = form.value.Action;
  return (
    <>
      <Picker
        kind="runbooks"
        space={space}
        filters={{ projectIds: project.Id }}
        label="Runbook"
        description="What is published of it is run."
        placeholder="Choose a runbook"
        value={action.RunbookId ?? null}
        onChange={(RunbookId) => set({ RunbookId })}
        error={form.fault("Action.RunbookId")}
        w={420}
      />
      <EnvironmentsField {...props} label="In" name="EnvironmentIds" />
      <Tenants {...props} />
    </>
  );
}

/** For whom; only where the project has tenants, or the trigger names some. */
function Tenants({ space, project, form, set }: FieldProps) {
  const { ActionType, TenantIds, TenantTags } = form.value.Action;
  const names = (TenantIds ?? []).length + (TenantTags ?? []).length > 0;
  if (project.TenantedDeploymentMode === "Untenanted" && ActionType !== "RunRunbook" && !names) return null;
  return (
    <>
      <ManyPicker
        kind="tenants"
        space={space}
        filters={{ projectId: project.Id }}
        label="For tenants"
        placeholder={(TenantIds ?? []).length === 0 ? "Without a tenant" : undefined}
        value={TenantIds ?? []}
        onChange={(ids) => set({ TenantIds: ids })}
        error={form.fault("Action.TenantIds")}
      />
      <TagField
        space={space}
        label="And tenants with tags"
        value={TenantTags ?? []}
        onChange={(tags) => set({ TenantTags: tags })}
        error={form.fault("Action.TenantTags")}
      />
    </>
  );
}
