import { type Action, isParent, type Process, type Step } from "./document";
import type { Place } from "./places";

/** Changes within one step; the rest of the process stays the very same object, so that it is not drawn again. */

export function changeStep<P extends Process>(process: P, index: number, change: (step: Step) => Step): P {
  return { ...process, Steps: process.Steps.map((step, place) => (place === index ? change(step) : step)) };
}

export function changeAction<P extends Process>(process: P, place: Place, change: (action: Action) => Action): P {
  const child = place.child ?? 0;
  return changeStep(process, place.step, (step) => ({
    ...step,
    Actions: step.Actions.map((action, index) => (index === child ? change(action) : action)),
  }));
}

/** A plain step and its action have one name; slugs stay, since scripts and scopes refer to them. */
export function rename<P extends Process>(process: P, place: Place, name: string): P {
  return changeStep(process, place.step, (step) => {
    if (isParent(step) && place.child === null) return { ...step, Name: name };
    const child = place.child ?? 0;
    const actions = step.Actions.map((action, index) => (index === child ? { ...action, Name: name } : action));
    return isParent(step) ? { ...step, Actions: actions } : { ...step, Name: name, Actions: actions };
  });
}

/** Switches a step off or on, with all its children. */
export function setDisabled<P extends Process>(process: P, place: Place, isDisabled: boolean): P {
  return changeStep(process, place.step, (step) => ({
    ...step,
    Actions: step.Actions.map((action, index) =>
      place.child === null || place.child === index ? { ...action, IsDisabled: isDisabled } : action,
    ),
  }));
}
