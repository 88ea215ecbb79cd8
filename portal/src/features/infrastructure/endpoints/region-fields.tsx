import { Stack } from "@mantine/core";
import { Picker } from "@/components/picker";
import type { Fields } from "@/lib/use-form";
import type { EndpointProps } from "./endpoint-fields";
import type { Endpoint } from "./starts";

export function RegionFields({ space, form }: EndpointProps) {
  return (
    <Stack>
      <WorkerPoolField space={space} form={form} />
    </Stack>
  );
}

/** For targets that run nothing themselves: whose workers do it. */
export function WorkerPoolField({ space, form }: { space: string; form: Fields<Endpoint> }) {
  return (
    <Picker
      kind="workerpools"
      space={space}
      label="Worker pool"
      description="Its workers run the steps for this target, unless a step names another pool."
      placeholder="The space's default pool"
      value={form.value.DefaultWorkerPoolId ?? null}
      onChange={(id) => form.set({ DefaultWorkerPoolId: id })}
      error={form.fault("DefaultWorkerPoolId")}
    />
  );
}
