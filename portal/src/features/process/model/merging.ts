import { isSame } from "@/lib/same";
import { nameOf, type Process, type Step } from "./document";

/** What both sides did to a process since they read it. */
export interface Merged<P> {
  process: P;
  /** The names of the steps that they changed, added or took out. */
  theirs: string[];
  /** Of these, the ones that were changed here too: here they are as they were changed here. */
  both: string[];
}

/**
 * Puts the changes made here on top of what others saved, step by step: a step that only one side changed is as that
 * side has it, one that both changed is as it is here. Order is ours where it was changed here, else theirs.
 */
export function merge<P extends Process>(base: P, mine: P, saved: P): Merged<P> {
  const sides = [base, mine, saved].map(({ Steps }) => new Map(Steps.map((step) => [step.Id, step])));
  const [old, own, new_] = sides as [Map<string, Step>, Map<string, Step>, Map<string, Step>];
  const ids = new Set([...old.keys(), ...new_.keys()]);
  const theirs = [...ids].filter((id) => !isSame(old.get(id), new_.get(id)));
  const both = theirs.filter((id) => !isSame(old.get(id), own.get(id)) && !isSame(own.get(id), new_.get(id)));
  const chosen = (id: string): Step | undefined =>
    isSame(old.get(id), own.get(id)) && old.has(id) === own.has(id) ? new_.get(id) : own.get(id);
  const order = orderOf(base, mine, saved);
  const steps = order.map(chosen).filter((step) => step !== undefined);
  const named = (id: string) => {
    const step = new_.get(id) ?? old.get(id);
    return step ? nameOf(step) : id;
  };
  return { process: { ...mine, Steps: steps }, theirs: theirs.map(named), both: both.map(named) };
}

function orderOf(base: Process, mine: Process, saved: Process): string[] {
  const ids = ({ Steps }: Process) => Steps.map((step) => step.Id);
  const isMoved = !isSame(
    ids(base).filter((id) => ids(mine).includes(id)),
    ids(mine).filter((id) => ids(base).includes(id)),
  );
  const [lead, other] = isMoved ? [ids(mine), ids(saved)] : [ids(saved), ids(mine)];
  const order = [...lead];
  for (const [index, id] of other.entries()) {
    if (order.includes(id)) continue;
    const before = other.slice(0, index).findLast((one) => order.includes(one));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, id);
  }
  return order;
}
