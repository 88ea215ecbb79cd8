import { Select, Stack, TextInput } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api } from "@/api/client";
import { CodeField } from "@/components/code/code-editor";
import { Panel } from "@/components/page";
import { type Fields, partOf } from "@/lib/use-form";
import type { Stored } from "../crud";
import { cronWords, type Way, wayOf } from "./schedule";
import { SpanField } from "./span-field";

type Checks = NonNullable<Stored<"machinepolicies">["MachineHealthCheckPolicy"]>;

const WAYS = [
  { value: "interval", label: "Every so often" },
  { value: "cron", label: "At times by a cron expression" },
  { value: "never", label: "Never by themselves" },
];

export function HealthCheckFields({ form, isDefault }: { form: Fields<Checks>; isDefault: boolean }) {
  return (
    <Panel title="Health checks">
      <Stack>
        <Schedule form={form} />
        <Select
          label="What is checked"
          data={[
            { value: "RunScript", label: "That it answers, and what a script says" },
            { value: "OnlyConnectivity", label: "Only that it answers" },
          ]}
          allowDeselect={false}
          value={form.value.HealthCheckType}
          onChange={(value) => value && form.set({ HealthCheckType: value as never })}
          error={form.fault("HealthCheckType")}
        />
        {form.value.HealthCheckType === "RunScript" && (
          <>
            <Script
              form={form}
              name="BashHealthCheckPolicy"
              label="Script in Bash"
              language="bash"
              isDefault={isDefault}
            />
            <Script
              form={form}
              name="PowerShellHealthCheckPolicy"
              label="Script in PowerShell"
              language="powershell"
              isDefault={isDefault}
            />
          </>
        )}
      </Stack>
    </Panel>
  );
}

function Schedule({ form }: { form: Fields<Checks> }) {
  const way = wayOf(form.value);
  const choose = (next: Way) =>
    form.set({
      HealthCheckCron: next === "cron" ? (form.value.HealthCheckCron ?? "0 0 6 * * *") : null,
      HealthCheckInterval: next === "interval" ? (form.value.HealthCheckInterval ?? "01:00:00") : null,
    });
  return (
    <>
      <Select
        label="When machines are checked"
        data={WAYS}
        allowDeselect={false}
        value={way}
        onChange={(next) => choose((next ?? "interval") as Way)}
      />
      {way === "interval" && (
        <SpanField
          label="Every"
          value={form.value.HealthCheckInterval}
          onChange={(value) => form.set({ HealthCheckInterval: value })}
          error={form.fault("HealthCheckInterval")}
        />
      )}
      {way === "cron" && (
        <>
          <TextInput
            label="Cron expression"
            description={cronWords(form.value.HealthCheckCron ?? "") ?? "Seconds, minutes, hours, day, month, weekday."}
            {...form.field("HealthCheckCron")}
          />
          <TimeZone form={form} />
        </>
      )}
    </>
  );
}

const zonesQuery = queryOptions({
  queryKey: ["time-zones"],
  queryFn: () => answer(api.GET("/api/serverstatus/timezones")),
  staleTime: Number.POSITIVE_INFINITY,
});

function TimeZone({ form }: { form: Fields<Checks> }) {
  const zones = useQuery(zonesQuery).data ?? [];
  const chosen = form.value.HealthCheckCronTimezone;
  const data = zones.map((zone) => ({ value: zone.Id, label: zone.Name }));
  return (
    <Select
      label="Time zone"
      searchable
      limit={60}
      allowDeselect={false}
      data={data.some((one) => one.value === chosen) ? data : [{ value: chosen, label: chosen }, ...data]}
      value={chosen}
      onChange={(zone) => zone && form.set({ HealthCheckCronTimezone: zone })}
      error={form.fault("HealthCheckCronTimezone")}
    />
  );
}

interface ScriptProps {
  form: Fields<Checks>;
  name: "BashHealthCheckPolicy" | "PowerShellHealthCheckPolicy";
  label: string;
  language: "bash" | "powershell";
  isDefault: boolean;
}

function Script({ form, name, label, language, isDefault }: ScriptProps) {
  const script = partOf(form, name, `${name}.`);
  const inherits = isDefault ? "Look at the free space" : "As the default policy says";
  return (
    <>
      <Select
        label={label}
        data={[
          { value: "InheritFromDefault", label: inherits },
          { value: "Inline", label: "A script of its own" },
          { value: "OnlyConnectivity", label: "None" },
        ]}
        allowDeselect={false}
        value={script.value.RunType}
        onChange={(value) => value && script.set({ RunType: value as never })}
      />
      {script.value.RunType === "Inline" && (
        <CodeField
          label={`${label}: text`}
          description={
            language === "bash"
              ? "echo_warning, echo_error, fail_healthcheck and check_free_space say how the machine is; so does the exit code."
              : "Write-Warning, Write-Error, Fail-HealthCheck and CheckDriveCapacity say how the machine is; so does the exit code."
          }
          language={language}
          value={script.value.ScriptBody ?? ""}
          onChange={(text) => script.set({ ScriptBody: text })}
          minHeight={140}
        />
      )}
    </>
  );
}
