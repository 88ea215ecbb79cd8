import { type Action, freeName, isParent, namesIn, newId, type Properties, type Step } from "./document";
import type { Place } from "./places";
import { ACTION_CONDITION, ROLES, STEP_CONDITION, textIn, WINDOW, withText } from "./properties";

/** Changes of the order of steps. Each gives new steps and where the moved one stands then; nothing else is touched. */
export interface Moved {
  steps: Step[];
  place: Place;
}

/** A step that holds one action, which names it. */
export function stepOf(action: Action, properties: Properties = {}): Step {
  return {
    Id: newId(),
    Name: action.Name,
    Slug: "",
    Condition: "Success",
    StartTrigger: "StartAfterPrevious",
    PackageRequirement: "LetOctopusDecide",
    Properties: properties,
    Actions: [action],
  };
}

export function insertStep(steps: readonly Step[], step: Step, at: number): Moved {
  const next = [...steps];
  next.splice(at, 0, step);
  return { steps: settled(next), place: { step: at, child: null } };
}

/** Puts an action into a step as its child; a plain step becomes a parent by that. */
export function insertChild(steps: readonly Step[], parent: number, action: Action, at: number): Moved {
  const next = replaced(steps, parent, (step) => {
    const actions = [...step.Actions];
    actions.splice(at, 0, action);
    return { ...step, Actions: actions };
  });
  return { steps: next, place: { step: parent, child: at } };
}

export function moveStep(steps: readonly Step[], from: number, to: number): Moved {
  const next = [...steps];
  const [moved] = next.splice(from, 1);
  if (!moved) return { steps: next, place: { step: from, child: null } };
  next.splice(to, 0, moved);
  return { steps: settled(next), place: { step: to, child: null } };
}

export function moveChild(steps: readonly Step[], parent: number, from: number, to: number): Moved {
  const next = replaced(steps, parent, (step) => {
    const actions = [...step.Actions];
    const [moved] = actions.splice(from, 1);
    if (moved) actions.splice(to, 0, moved);
    return { ...step, Actions: actions };
  });
  return { steps: next, place: { step: parent, child: to } };
}

/**
 * Makes a step, with all that it holds, the child of another one. Where it runs is from then on what the parent says;
 * a condition of its own that is an expression goes with it.
 */
export function nest(steps: readonly Step[], from: number, parent: number, at: number): Moved {
  const moved = steps[from];
  const target = steps[parent];
  if (!moved || !target || from === parent) return { steps: [...steps], place: { step: from, child: null } };
  const next = replaced(steps, parent, (step) => {
    const actions = [...step.Actions];
    actions.splice(at, 0, ...asChildren(moved));
    return { ...step, Actions: actions };
  }).filter((_, index) => index !== from);
  return { steps: settled(next), place: { step: from < parent ? parent - 1 : parent, child: at } };
}

/** Makes a child a step of its own, at a place among the steps. It runs where its parent does. */
export function unnest(steps: readonly Step[], { step: parent, child }: Place, at: number): Moved {
  const holder = steps[parent];
  const action = child === null ? undefined : holder?.Actions[child];
  if (!holder || !action) return { steps: [...steps], place: { step: parent, child } };
  const rest = steps.map((step, index) => (index === parent ? withoutChild(step, child ?? 0) : step));
  const [own, condition] = ownCondition(action);
  const made = stepOf(own, withText(withText(holder.Properties, WINDOW, null), STEP_CONDITION, condition));
  const others = rest.map((one) => one.Name);
  const step: Step = {
    ...made,
    Name: freeName(made.Name, others),
    Condition: condition === null ? "Success" : "Variable",
  };
  return insertStep(rest, step, at);
}

/** Takes out a step or a child. A parent that is left with one child becomes a plain step of that name. */
export function remove(steps: readonly Step[], { step, child }: Place): Step[] {
  if (child === null) return settled(steps.filter((_, index) => index !== step));
  return replaced(steps, step, (one) => withoutChild(one, child));
}

/** A copy beside the original. It gets ids, slugs and names of its own; what it refers to stays the same. */
export function clone(steps: readonly Step[], { step: index, child }: Place): Moved {
  const step = steps[index];
  if (!step) return { steps: [...steps], place: { step: index, child } };
  const taken = namesIn(steps);
  const action = child === null ? undefined : step.Actions[child];
  if (action && child !== null) return insertChild(steps, index, copyOf(action, taken), child + 1);
  const actions: Action[] = [];
  for (const one of step.Actions) {
    actions.push(copyOf(one, [...taken, ...actions.map((made) => made.Name)]));
  }
  const name = isParent(step) ? freeName(`${step.Name} - copy`, taken) : (actions[0]?.Name ?? step.Name);
  return insertStep(steps, { ...step, Id: newId(), Slug: "", Name: name, Actions: actions }, index + 1);
}

function copyOf(action: Action, taken: readonly string[]): Action {
  return {
    ...action,
    Id: newId(),
    Slug: "",
    Name: freeName(`${action.Name} - copy`, taken),
    Packages: action.Packages.map((one) => ({ ...one, Id: newId() })),
  };
}

function replaced(steps: readonly Step[], index: number, change: (step: Step) => Step): Step[] {
  return steps.map((step, place) => (place === index ? change(step) : step));
}

function withoutChild(step: Step, child: number): Step {
  const actions = step.Actions.filter((_, index) => index !== child);
  const [only] = actions;
  return actions.length === 1 && only ? { ...step, Name: only.Name, Actions: actions } : { ...step, Actions: actions };
}

function asChildren(step: Step): Action[] {
  const expression = textIn(step.Properties, STEP_CONDITION);
  return step.Actions.map((action) => {
    const properties = withText(action.Properties, ROLES, null);
    if (step.Condition !== "Variable" || action.Condition === "Variable") return { ...action, Properties: properties };
    return { ...action, Condition: "Variable", Properties: withText(properties, ACTION_CONDITION, expression) };
  });
}

function ownCondition(action: Action): [Action, string | null] {
  if (action.Condition !== "Variable") return [action, null];
  const expression = textIn(action.Properties, ACTION_CONDITION);
  const properties = withText(action.Properties, ACTION_CONDITION, null);
  return [{ ...action, Condition: "Success", Properties: properties }, expression];
}

/** The first step has no previous one that it could start with. */
function settled(steps: Step[]): Step[] {
  const [first, ...rest] = steps;
  if (!first || first.StartTrigger === "StartAfterPrevious") return steps;
  return [{ ...first, StartTrigger: "StartAfterPrevious" }, ...rest];
}
