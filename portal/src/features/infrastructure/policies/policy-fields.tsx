import { NumberInput, Select, SimpleGrid, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { Panel } from "@/components/page";
import { type Fields, partOf } from "@/lib/use-form";
import type { Stored } from "../crud";
import { HealthCheckFields } from "./health-check-fields";
import { SpanField } from "./span-field";

type Policy = Stored<"machinepolicies">;
type Props = { form: Fields<Policy> };

/** A machine policy, section by section. The API's faults name the fields of its parts without the part. */
export function PolicyFields({ form, wasDefault }: Props & { wasDefault: boolean }) {
  return (
    <>
      <Panel title="Policy">
        <Stack>
          <TextInput label="Name" required withAsterisk={false} {...form.field("Name")} />
          <Textarea label="Description" autosize minRows={2} {...form.field("Description")} />
          <Switch
            label="The default policy"
            description={
              wasDefault
                ? "Machines that name no policy have it. Another policy takes that over when it is made the default."
                : "Machines that are added without a policy get it, in the place of the one that is the default now."
            }
            disabled={wasDefault}
            {...form.check("IsDefault")}
          />
        </Stack>
      </Panel>
      <HealthCheckFields form={partOf(form, "MachineHealthCheckPolicy", "")} isDefault={form.value.IsDefault} />
      <Connectivity form={form} />
      <Updates form={form} />
      <CleanUp form={form} />
      <Cache form={form} />
      <Calls form={form} />
      <Connecting form={form} />
    </>
  );
}

function Connectivity({ form }: Props) {
  const part = partOf(form, "MachineConnectivityPolicy", "");
  return (
    <Panel title="When a machine is away">
      <Select
        aria-label="When a machine is away"
        data={[
          { value: "ExpectedToBeOnline", label: "The check fails: it is expected to be there" },
          { value: "MayBeOfflineAndCanBeSkipped", label: "It is skipped: it may be away" },
        ]}
        allowDeselect={false}
        {...part.pick("MachineConnectivityBehavior")}
        onChange={(value) => value && part.set({ MachineConnectivityBehavior: value as never })}
      />
    </Panel>
  );
}

function Updates({ form }: Props) {
  const part = partOf(form, "MachineUpdatePolicy", "");
  return (
    <Panel title="Updates">
      <Stack>
        <Select
          label="Agents"
          description="Whether a health check updates an agent that is older than the one that this server brings."
          data={[
            { value: "NeverUpdate", label: "People update them" },
            { value: "Update", label: "Each health check updates what is old" },
          ]}
          allowDeselect={false}
          value={part.value.TentacleUpdateBehavior}
          onChange={(value) => value && part.set({ TentacleUpdateBehavior: value as never })}
          error={part.fault("TentacleUpdateBehavior")}
        />
        <Select
          label="Runner of steps"
          description="When the program that runs steps on the machine is brought there."
          data={[
            { value: "UpdateOnDeployment", label: "With the first deployment that needs it" },
            { value: "UpdateOnNewMachine", label: "At the first check of a new machine" },
            { value: "UpdateAlways", label: "At each check that finds an old one" },
          ]}
          allowDeselect={false}
          value={part.value.CalamariUpdateBehavior}
          onChange={(value) => value && part.set({ CalamariUpdateBehavior: value as never })}
          error={part.fault("CalamariUpdateBehavior")}
        />
      </Stack>
    </Panel>
  );
}

function CleanUp({ form }: Props) {
  const part = partOf(form, "MachineCleanupPolicy", "");
  const deletes = part.value.DeleteMachinesBehavior === "DeleteUnavailableMachines";
  return (
    <Panel title="Clean-up">
      <Stack>
        <Switch
          label="Delete machines that stay unavailable"
          description="Machines that a task works with, that something refers to, or that are disabled are kept."
          checked={deletes}
          onChange={(event) =>
            part.set({
              DeleteMachinesBehavior: event.currentTarget.checked ? "DeleteUnavailableMachines" : "DoNotDelete",
            })
          }
        />
        {deletes && (
          <SpanField
            label="After they were unavailable for"
            value={part.value.DeleteMachinesElapsedTimeSpan}
            onChange={(value) => part.set({ DeleteMachinesElapsedTimeSpan: value })}
            error={part.fault("DeleteMachinesElapsedTimeSpan")}
          />
        )}
      </Stack>
    </Panel>
  );
}

function Cache({ form }: Props) {
  const part = partOf(form, "MachinePackageCacheRetentionPolicy", "");
  const counts = part.value.Strategy === "Quantities";
  const number = (name: "QuantityOfPackagesToKeep" | "QuantityOfVersionsToKeep", label: string) => (
    <NumberInput
      label={label}
      placeholder="All"
      min={0}
      value={part.value[name] ?? ""}
      onChange={(value) => part.set({ [name]: typeof value === "number" ? value : null })}
      error={part.fault(name)}
    />
  );
  return (
    <Panel title="Package cache on the machine">
      <Stack>
        <Select
          aria-label="Package cache on the machine"
          data={[
            { value: "Default", label: "Keep all that there is room for" },
            { value: "Quantities", label: "Keep a number of packages and versions" },
          ]}
          allowDeselect={false}
          value={part.value.Strategy}
          onChange={(value) =>
            part.set(
              value === "Quantities"
                ? { Strategy: "Quantities", QuantityOfVersionsToKeep: part.value.QuantityOfVersionsToKeep ?? 5 }
                : { Strategy: "Default" },
            )
          }
        />
        {counts && (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {number("QuantityOfPackagesToKeep", "Packages")}
            {number("QuantityOfVersionsToKeep", "Versions of each")}
          </SimpleGrid>
        )}
      </Stack>
    </Panel>
  );
}

function Calls({ form }: Props) {
  const part = partOf(form, "MachineRpcCallRetryPolicy", "");
  const span = (name: "RetryDuration" | "HealthCheckRetryDuration", label: string) => (
    <SpanField
      label={label}
      value={part.value[name]}
      onChange={(value) => part.set({ [name]: value })}
      error={part.fault(name)}
    />
  );
  return (
    <Panel title="When the network fails during a deployment">
      <Stack>
        <Switch
          label="Repeat calls to the agent"
          description="Only those that are safe to repeat. Scripts run on meanwhile."
          {...part.check("Enabled")}
        />
        {part.value.Enabled && (
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {span("RetryDuration", "In deployments, for")}
            {span("HealthCheckRetryDuration", "In health checks, for")}
          </SimpleGrid>
        )}
      </Stack>
    </Panel>
  );
}

const SPANS = [
  ["ConnectionConnectTimeout", "One try to connect takes at most"],
  ["ConnectionRetryTimeLimit", "All tries together take at most"],
  ["ConnectionRetrySleepInterval", "Rest between two tries"],
  ["PollingRequestQueueTimeout", "A polling agent fetches its work within"],
  ["PollingRequestMaximumMessageProcessingTimeout", "A polling agent answers within"],
] as const;

function Connecting({ form }: Props) {
  return (
    <Panel title="Connecting">
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        {SPANS.map(([name, label]) => (
          <SpanField
            key={name}
            label={label}
            value={form.value[name]}
            onChange={(value) => form.set({ [name]: value })}
            error={form.fault(name)}
          />
        ))}
        <NumberInput
          label="Tries to connect"
          min={2}
          w={230}
          value={form.value.ConnectionRetryCountLimit}
          onChange={(value) => form.set({ ConnectionRetryCountLimit: Number(value) || 0 })}
          error={form.fault("ConnectionRetryCountLimit")}
        />
      </SimpleGrid>
    </Panel>
  );
}
