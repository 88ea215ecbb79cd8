import { Checkbox, NumberInput, Select, Stack, TextInput } from "@mantine/core";
import { RetentionField } from "@/components/retention-field";
import { PhasePlaces } from "./phase-places";
import type { Phase } from "./phases";

interface Props {
  space: string;
  phase: Phase;
  phases: readonly Phase[];
  onChange: (phase: Phase) => void;
}

export function PhaseFields({ space, phase, phases, onChange }: Props) {
  const set = (patch: Partial<Phase>) => onChange({ ...phase, ...patch });
  return (
    <Stack gap="md">
      <TextInput
        label="Name"
        value={phase.Name}
        onChange={(event) => set({ Name: event.currentTarget.value })}
        error={phase.Name.trim() === "" ? "A phase needs a name." : undefined}
        maw={360}
      />
      <PhasePlaces space={space} phase={phase} phases={phases} onChange={onChange} />
      <Promotion phase={phase} set={set} />
      <Checkbox
        label="Priority phase"
        description="Its deployments are taken from the queue before others."
        checked={phase.IsPriorityPhase}
        onChange={(event) => set({ IsPriorityPhase: event.currentTarget.checked })}
      />
      <RetentionField
        label="Releases kept"
        inherited="As the lifecycle says"
        items="releases"
        value={phase.ReleaseRetentionPolicy}
        onChange={(kept) => set({ ReleaseRetentionPolicy: kept })}
      />
      <RetentionField
        label="Files kept on targets"
        inherited="As the lifecycle says"
        items="deployments"
        value={phase.TentacleRetentionPolicy}
        onChange={(kept) => set({ TentacleRetentionPolicy: kept })}
      />
    </Stack>
  );
}

/** What must be done in the phase before a release may go on. */
function Promotion({ phase, set }: { phase: Phase; set: (patch: Partial<Phase>) => void }) {
  const count = phase.AutomaticDeploymentTargets.length + phase.OptionalDeploymentTargets.length;
  const least = phase.MinimumEnvironmentsBeforePromotion;
  const choice = phase.IsOptionalPhase ? "optional" : least > 0 ? "some" : "all";
  const choose = (next: string | null) =>
    set({
      IsOptionalPhase: next === "optional",
      MinimumEnvironmentsBeforePromotion: next === "some" ? Math.max(1, least) : 0,
    });
  return (
    <Stack gap="xs" align="flex-start">
      <Select
        label="Before the next phase"
        data={[
          { value: "all", label: "All environments of this phase must succeed" },
          { value: "some", label: "Some environments must succeed" },
          { value: "optional", label: "Nothing: the phase is optional and may be skipped" },
        ]}
        value={choice}
        allowDeselect={false}
        onChange={choose}
        w={{ base: "100%", xs: 420 }}
      />
      {choice === "some" && (
        <NumberInput
          label="At least how many"
          min={1}
          max={count || undefined}
          allowDecimal={false}
          value={least}
          onChange={(next) => set({ MinimumEnvironmentsBeforePromotion: Math.max(1, Number(next) || 1) })}
          w={160}
        />
      )}
    </Stack>
  );
}
