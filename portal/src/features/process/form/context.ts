import { createContext, useContext } from "react";
import type { Project } from "@/api/reference";
import type { KnownVariable } from "@/components/code/variables";
import type { Action, Properties, Step } from "../model/document";

/** What all forms of one process share. */
export interface Editing {
  space: string;
  /** Null where a step template is edited, which belongs to no project. */
  project: Project | null;
  /** Runbooks know no channels, and no versions of packages chosen by them. */
  isRunbook: boolean;
  readOnly: boolean;
  variables: readonly KnownVariable[];
}

export const EditingContext = createContext<Editing | null>(null);

export function useEditing(): Editing {
  const editing = useContext(EditingContext);
  if (!editing) throw new Error("The form of a step is shown only within an editor.");
  return editing;
}

export type Change<T> = (change: (old: T) => T, joins?: string) => void;

/** What the form of an action gets in its hand. `joins` names the field, so that typing is one step of undo. */
export interface ActionFormProps {
  action: Action;
  change: Change<Action>;
}

export interface StepFormProps extends ActionFormProps {
  step: Step;
  changeStep: Change<Step>;
}

/** Changes the properties of an action, or of a step. */
export function setProperties<T extends { Properties: Properties }>(
  change: Change<T>,
  set: (old: Properties) => Properties,
  joins?: string,
): void {
  change((old) => ({ ...old, Properties: set(old.Properties) }), joins);
}
