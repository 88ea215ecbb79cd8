import { Select, Text } from "@mantine/core";
import { ManyPicker } from "@/components/picker";
import { TargetTagInput } from "@/components/tag-input";
import type { Fields } from "@/lib/use-form";
import { AIMS, type Aim, type Wish } from "./wish";

interface Props {
  space: string;
  form: Fields<Wish>;
}

/** The machines that the script is to run on. */
export function WhereFields({ space, form }: Props) {
  const aim = form.value.Aim;
  return (
    <>
      <Select
        label="Run on"
        data={AIMS}
        allowDeselect={false}
        value={aim}
        onChange={(next) => next && form.set({ Aim: next as Aim })}
        error={form.fault("TargetType")}
      />
      {aim === "Machines" && <Many space={space} form={form} kind="machines" name="MachineIds" label="Targets" />}
      {aim === "Environments" && <Described space={space} form={form} />}
      {aim === "Workers" && <Many space={space} form={form} kind="workers" name="WorkerIds" label="Workers" />}
      {aim === "WorkerPools" && (
        <Many space={space} form={form} kind="workerpools" name="WorkerPoolIds" label="Worker pools" />
      )}
      {aim === "OctopusServer" && (
        <Text size="sm" c="dimmed">
          It runs as the server's own user.
        </Text>
      )}
    </>
  );
}

function Described({ space, form }: Props) {
  return (
    <>
      <Many space={space} form={form} kind="environments" name="EnvironmentIds" label="Environments" />
      <TargetTagInput
        space={space}
        label="Target tags"
        description="Targets with any of them."
        value={form.value.TargetRoles}
        onChange={(tags) => form.set({ TargetRoles: tags })}
        error={form.fault("TargetRoles")}
      />
      <Many space={space} form={form} kind="tenants" name="TenantIds" label="Tenants" />
    </>
  );
}

interface ManyProps extends Props {
  kind: "machines" | "environments" | "workers" | "workerpools" | "tenants";
  name: "MachineIds" | "EnvironmentIds" | "WorkerIds" | "WorkerPoolIds" | "TenantIds";
  label: string;
}

function Many({ space, form, kind, name, label }: ManyProps) {
  return (
    <ManyPicker
      kind={kind}
      space={space}
      label={label}
      placeholder={form.value[name].length === 0 ? "Find by name" : undefined}
      value={form.value[name]}
      onChange={(ids) => form.set({ [name]: ids })}
      error={form.fault(name)}
    />
  );
}
