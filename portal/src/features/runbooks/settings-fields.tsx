import { Checkbox, MultiSelect, Radio, Select, Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { environmentsQuery } from "@/api/reference";
import { Panel } from "@/components/page";
import { RetentionField } from "@/components/retention-field";
import type { Form } from "@/lib/use-form";
import type { Runbook } from "./api";

const SCOPES = [
  { value: "All", label: "All environments" },
  { value: "FromProjectLifecycles", label: "The environments of the project's lifecycles" },
  { value: "Specified", label: "Chosen environments" },
];
const TENANCY = [
  { value: "Untenanted", label: "Without tenants" },
  { value: "TenantedOrUntenanted", label: "With or without a tenant" },
  { value: "Tenanted", label: "For tenants only" },
];
const GUIDED = [
  { value: "EnvironmentDefault", label: "As the environment says" },
  { value: "On", label: "Ask a person what to do" },
  { value: "Off", label: "Fail the run" },
];

export function Where({ form, space }: { form: Form<Runbook>; space: string }) {
  const { data: environments = [] } = useQuery(environmentsQuery(space));
  const { EnvironmentScope: scope, MultiTenancyMode: mode } = form.value;
  return (
    <Panel title="Where it may run">
      <Stack gap="sm">
        <Radio.Group
          label="Environments"
          value={scope}
          onChange={(value) => form.set({ EnvironmentScope: value as Runbook["EnvironmentScope"] })}
        >
          <Stack gap={6} mt={6}>
            {SCOPES.map((one) => (
              <Radio key={one.value} {...one} />
            ))}
          </Stack>
        </Radio.Group>
        {scope === "Specified" && (
          <MultiSelect
            aria-label="Chosen environments"
            placeholder={form.value.Environments.length === 0 ? "Choose environments" : undefined}
            searchable
            hidePickedOptions
            data={environments.map((one) => ({ value: one.Id, label: one.Name }))}
            {...form.pick("Environments")}
          />
        )}
        <Select
          label="Tenants"
          data={TENANCY}
          value={mode}
          allowDeselect={false}
          onChange={(value) => value && form.set({ MultiTenancyMode: value as typeof mode })}
          error={form.fault("MultiTenancyMode")}
        />
      </Stack>
    </Panel>
  );
}

export function How({ form, isInGit }: { form: Form<Runbook>; isInGit: boolean }) {
  const { ConnectivityPolicy: policy, DefaultGuidedFailureMode: guided } = form.value;
  const connect = (patch: Partial<NonNullable<typeof policy>>) =>
    form.set({
      ConnectivityPolicy: {
        AllowDeploymentsToNoTargets: true,
        ExcludeUnhealthyTargets: false,
        SkipMachineBehavior: "None",
        TargetRoles: [],
        ...policy,
        ...patch,
      },
    });
  return (
    <Panel title="How it runs">
      <Stack gap="md">
        <Select
          label="When a step fails"
          data={GUIDED}
          value={guided}
          allowDeselect={false}
          onChange={(value) => value && form.set({ DefaultGuidedFailureMode: value as typeof guided })}
        />
        <Checkbox
          label="Run where there is no target"
          description="Steps for targets then do nothing."
          checked={policy?.AllowDeploymentsToNoTargets ?? true}
          onChange={(event) => connect({ AllowDeploymentsToNoTargets: event.currentTarget.checked })}
        />
        <Checkbox
          label="Leave out targets that cannot be reached"
          checked={policy?.SkipMachineBehavior === "SkipUnavailableMachines"}
          onChange={(event) =>
            connect({ SkipMachineBehavior: event.currentTarget.checked ? "SkipUnavailableMachines" : "None" })
          }
        />
        <Checkbox
          label="Leave out unhealthy targets"
          checked={policy?.ExcludeUnhealthyTargets ?? false}
          onChange={(event) => connect({ ExcludeUnhealthyTargets: event.currentTarget.checked })}
        />
        <Checkbox label="Always fetch packages anew" {...form.check("ForcePackageDownload")} />
        <Checkbox
          label="A new run cancels those that wait"
          description="Of this runbook, in the same place."
          {...form.check("CancelQueuedTasks")}
        />
        <Checkbox
          label="A new run cancels those that are running"
          description="Of this runbook, in the same place."
          {...form.check("CancelRunningTasks")}
        />
        <RetentionField
          label="Runs kept"
          description={
            isInGit ? "For each environment, on every branch." : "For each environment; older ones go, with their logs."
          }
          inherited="As the space says"
          items="runs"
          first={{ QuantityToKeep: 100, Unit: "Items" }}
          value={form.value.RunRetentionPolicy ?? null}
          onChange={(kept) => kept && form.set({ RunRetentionPolicy: kept })}
          error={form.fault("RunRetentionPolicy")}
        />
      </Stack>
    </Panel>
  );
}
