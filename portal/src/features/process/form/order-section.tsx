import { Checkbox, Select } from "@mantine/core";
import type { Step } from "../model/document";
import { StartTrigger } from "./conditions-section";
import { type ActionFormProps, type Change, useEditing } from "./context";
import { Section } from "./section";

const PACKAGES: Record<Step["PackageRequirement"], string> = {
  LetOctopusDecide: "As the server decides",
  BeforePackageAcquisition: "Before packages are fetched",
  AfterPackageAcquisition: "After packages are fetched",
};

interface Props extends Partial<ActionFormProps> {
  step: Step;
  changeStep: Change<Step>;
  isFirst: boolean;
  isChild: boolean;
}

/** Beside what a step runs, before or after packages are fetched, and whether it may be left out. */
export function OrderSection({ step, action, change, changeStep, isFirst, isChild }: Props) {
  const { isRunbook } = useEditing();
  const summary = [
    !isChild && step.StartTrigger === "StartWithPrevious" && "together with the step before it",
    !isChild && step.PackageRequirement !== "LetOctopusDecide" && PACKAGES[step.PackageRequirement].toLowerCase(),
    action?.IsRequired && "may not be skipped",
  ].filter(Boolean);
  return (
    <Section title="Order and skipping" summary={summary.length > 0 ? summary.join(" · ") : "In its turn"}>
      {!isChild && !isFirst && <StartTrigger step={step} changeStep={changeStep} />}
      {!isChild && (
        <Select
          label="Packages"
          description="All packages are fetched at one time, before the first step that needs one."
          allowDeselect={false}
          data={Object.entries(PACKAGES).map(([value, label]) => ({ value, label }))}
          value={step.PackageRequirement}
          onChange={(value) =>
            changeStep((old) => ({ ...old, PackageRequirement: value as Step["PackageRequirement"] }))
          }
        />
      )}
      {action && change && (
        <Checkbox
          label="It may not be skipped"
          description={`Who ${isRunbook ? "runs the runbook" : "deploys"} cannot leave it out, and no failure of it can be ignored.`}
          checked={action.IsRequired}
          onChange={(event) => {
            const { checked } = event.currentTarget;
            change((old) => ({ ...old, IsRequired: checked }));
          }}
        />
      )}
    </Section>
  );
}
