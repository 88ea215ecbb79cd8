import { Checkbox, Select, Stack } from "@mantine/core";
import { Panel } from "@/components/page";
import { TargetTagInput } from "@/components/tag-input";
import { type Form, partOf } from "@/lib/use-form";
import type { Policy, Settings } from "./api";

const SKIPPING = [
  { value: "None", label: "The deployment fails" },
  { value: "SkipUnavailableMachines", label: "The deployment goes on without it" },
];

/** What a deployment does about targets that are not there, not reached or not healthy. */
export function TargetsPanel({ space, form }: { space: string; form: Form<Settings> }) {
  const policy = partOf(form, "ConnectivityPolicy") as unknown as Form<Policy>;
  const skips = policy.value.SkipMachineBehavior === "SkipUnavailableMachines";
  return (
    <Panel title="Targets">
      <Stack gap="sm">
        <Select
          label="When a target cannot be reached"
          allowDeselect={false}
          data={SKIPPING}
          value={policy.value.SkipMachineBehavior ?? "None"}
          onChange={(value) => policy.set({ SkipMachineBehavior: (value ?? "None") as Policy["SkipMachineBehavior"] })}
          error={policy.fault("SkipMachineBehavior")}
        />
        {skips && (
          <TargetTagInput
            space={space}
            label="Only targets with these tags may be left out"
            description="Without a tag, any target may."
            value={policy.value.TargetRoles ?? []}
            onChange={(TargetRoles) => policy.set({ TargetRoles })}
            error={policy.fault("TargetRoles")}
          />
        )}
        <Checkbox
          label="Leave out targets that are not healthy"
          description="By their last health check, before the deployment begins."
          {...policy.check("ExcludeUnhealthyTargets")}
        />
        <Checkbox
          label="Allow deployments without any target"
          description="For targets that come later: what they missed can be deployed by a trigger when they are there."
          {...policy.check("AllowDeploymentsToNoTargets")}
        />
        <Checkbox
          label="Fail when targets cannot be discovered"
          description="Otherwise a discovery that fails is a warning in the log."
          {...form.check("FailTargetDiscovery")}
        />
      </Stack>
    </Panel>
  );
}
