import { TextInput } from "@mantine/core";
import { ManyPicker, Picker } from "@/components/picker";
import { TargetTagInput } from "@/components/tag-input";
import { TenantedFields } from "@/components/tenanted";
import type { Fields } from "@/lib/use-form";
import type { Machine, Realm, Target, Worker } from "./realm";

type Identity = Pick<Target, "Name" | "Slug" | "MachinePolicyId">;

/** What it is called. */
export function IdentityFields({ form, slug }: { form: Fields<Identity>; slug?: boolean }) {
  return (
    <>
      <TextInput label="Name" placeholder="web-1" required withAsterisk={false} {...form.field("Name")} />
      {slug && (
        <TextInput label="Slug" description="Its name in addresses and for other programs." {...form.field("Slug")} />
      )}
    </>
  );
}

/** The policy by which it is checked. */
export function PolicyField({ space, form }: { space: string; form: Fields<Identity> }) {
  return (
    <Picker
      kind="machinepolicies"
      space={space}
      label="Machine policy"
      description="How it is checked, updated and cleaned up."
      placeholder="The space's default policy"
      value={form.value.MachinePolicyId || null}
      onChange={(id) => form.set({ MachinePolicyId: id ?? "" })}
      error={form.fault("MachinePolicyId")}
    />
  );
}

/** Where it belongs: a target to environments with tags, a worker to pools. */
export function PlaceFields({ realm, space, form }: { realm: Realm; space: string; form: Fields<Machine> }) {
  if (realm.kind === "workers") return <WorkerPlaces space={space} form={form as Fields<Worker>} />;
  return <TargetPlaces space={space} form={form as Fields<Target>} />;
}

export function TargetPlaces({
  space,
  form,
}: {
  space: string;
  form: Fields<Pick<Target, "EnvironmentIds" | "Roles">>;
}) {
  return (
    <>
      <ManyPicker
        kind="environments"
        space={space}
        label="Environments"
        placeholder={form.value.EnvironmentIds.length === 0 ? "Choose environments" : undefined}
        value={form.value.EnvironmentIds}
        onChange={(ids) => form.set({ EnvironmentIds: ids })}
        error={form.fault("EnvironmentIds")}
      />
      <TargetTagInput
        space={space}
        label="Target tags"
        description="By these, steps say where they run. Enter ends a tag."
        placeholder={form.value.Roles.length === 0 ? "web" : undefined}
        value={form.value.Roles}
        onChange={(tags) => form.set({ Roles: tags })}
        error={form.fault("Roles")}
      />
    </>
  );
}

export function WorkerPlaces({ space, form }: { space: string; form: Fields<Pick<Worker, "WorkerPoolIds">> }) {
  return (
    <ManyPicker
      kind="workerpools"
      space={space}
      label="Worker pools"
      placeholder={form.value.WorkerPoolIds.length === 0 ? "Choose pools" : undefined}
      value={form.value.WorkerPoolIds}
      onChange={(ids) => form.set({ WorkerPoolIds: ids })}
      error={form.fault("WorkerPoolIds")}
    />
  );
}

export function TargetTenants({ space, form }: { space: string; form: Fields<Target> }) {
  return <TenantedFields space={space} form={form} />;
}
