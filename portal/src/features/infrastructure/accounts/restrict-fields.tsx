import { ManyPicker } from "@/components/picker";
import { type Tenanted, TenantedFields } from "@/components/tenanted";
import type { Fields } from "@/lib/use-form";

type Restricted = Tenanted & { EnvironmentIds?: string[] };

/** Where an account or a certificate may be used. */
export function RestrictFields({ space, form }: { space: string; form: Fields<Restricted> }) {
  const ids = form.value.EnvironmentIds ?? [];
  return (
    <>
      <ManyPicker
        kind="environments"
        space={space}
        label="Environments"
        placeholder={ids.length === 0 ? "All" : undefined}
        value={ids}
        onChange={(next) => form.set({ EnvironmentIds: next })}
        error={form.fault("EnvironmentIds")}
      />
      <TenantedFields space={space} form={form} />
    </>
  );
}
