import type { Place } from "../model/places";

export type Direction = "up" | "down" | "in" | "out";

/** What can be done with a step from the list. The object stays the same, so that lines are not drawn anew. */
export interface StepVerbs {
  select: (place: Place) => void;
  move: (place: Place, direction: Direction) => void;
  clone: (place: Place) => void;
  remove: (place: Place) => void;
  setDisabled: (place: Place, isDisabled: boolean) => void;
  /** Asks for what is to be added, before or after a step. */
  addAt: (index: number) => void;
  /** Asks for what is to be added, as the last child of a step. */
  addChild: (step: number) => void;
}
