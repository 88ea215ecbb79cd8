import { IconArrowLeft } from "@tabler/icons-react";
import { useCallback } from "react";
import classes from "./editor.module.css";
import type { Change } from "./form/context";
import formClasses from "./form/form.module.css";
import { ActionSections, ParentSections } from "./form/step-form";
import { type Action, isParent, namesIn, type Process, type Step } from "./model/document";
import { changeAction, changeStep, rename } from "./model/editing";
import type { StepFaults } from "./model/faults";
import type { Namings } from "./model/marks";
import { keyOf, type Place } from "./model/places";
import { StepHeader } from "./step-header";

interface Props {
  steps: readonly Step[];
  place: Place;
  readOnly: boolean;
  naming: Namings;
  faults: StepFaults;
  change: (next: (old: Process) => Process, joins?: string) => void;
  onBack?: () => void;
}

/** The form of the step that is selected. */
export function StepPanel({ steps, place, readOnly, naming, faults, change, onBack }: Props) {
  const { step: index, child } = place;
  const step = steps[index] as Step;
  const id = child === null ? step.Id : (step.Actions[child]?.Id ?? "");
  const changeOfAction = useCallback<Change<Action>>(
    (next, joins) => change((old) => changeAction(old, { step: index, child }, next), joins && `${id} ${joins}`),
    [change, index, child, id],
  );
  const changeOfStep = useCallback<Change<Step>>(
    (next, joins) => change((old) => changeStep(old, index, next), joins && `${id} ${joins}`),
    [change, index, id],
  );
  const isGroup = child === null && isParent(step);
  return (
    <section className={classes.panel} aria-label="The selected step">
      {onBack && (
        <button type="button" className={classes.back} onClick={onBack}>
          <IconArrowLeft size={16} aria-hidden /> Back to the steps
        </button>
      )}
      <fieldset className={formClasses.form} disabled={readOnly}>
        <StepHeader
          step={step}
          place={place}
          faults={faults.get(keyOf(step, child)) ?? []}
          taken={otherNames(steps, place)}
          onRename={(name) => change((old) => rename(old, place, name), `${id} name`)}
        />
        {isGroup ? (
          <ParentSections step={step} isFirst={index === 0} changeStep={changeOfStep} />
        ) : (
          <ActionSections
            step={step}
            child={child}
            isFirst={index === 0}
            naming={naming}
            change={changeOfAction}
            changeStep={changeOfStep}
          />
        )}
      </fieldset>
    </section>
  );
}

/** Steps and children are named apart, each among its like, as the server has it. */
function otherNames(steps: readonly Step[], { step, child }: Place): string[] {
  const own = steps[step] as Step;
  if (child === null && isParent(own)) return steps.filter((_, index) => index !== step).map((one) => one.Name);
  const action = own.Actions[child ?? 0];
  const others = steps.flatMap((one) => one.Actions).filter((one) => one !== action);
  return others.length > 0 ? others.map((one) => one.Name) : namesIn([]);
}
