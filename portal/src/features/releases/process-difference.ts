import { type Field, fieldsOf, type Step } from "./process-fields";

export interface FieldDifference {
  name: string;
  before: string | null;
  after: string | null;
}

export interface StepDifference {
  id: string;
  name: string;
  change: "Added" | "Removed" | "Changed" | "Moved";
  fields: FieldDifference[];
}

/** What differs between two processes, step by step in the order of the later one; those that are gone come last. */
export function processDifferences(before: readonly Step[], after: readonly Step[]): StepDifference[] {
  const then = new Map(before.map((step) => [step.Id, step]));
  const now = new Set(after.map((step) => step.Id));
  const places = placesOf(before.filter((step) => now.has(step.Id)));
  const common = placesOf(after.filter((step) => then.has(step.Id)));
  const found: StepDifference[] = [];
  for (const step of after) {
    const old = then.get(step.Id);
    const described = { id: step.Id, name: step.Name };
    if (!old) {
      found.push({ ...described, change: "Added", fields: added(fieldsOf(step)) });
      continue;
    }
    const fields = fieldDifferences(old, step);
    const isMoved = places.get(step.Id) !== common.get(step.Id);
    if (fields.length > 0 || isMoved) found.push({ ...described, change: fields.length ? "Changed" : "Moved", fields });
  }
  for (const step of before.filter((one) => !now.has(one.Id))) {
    const fields = fieldsOf(step).map(({ name, value }) => ({ name, before: value, after: null }));
    found.push({ id: step.Id, name: step.Name, change: "Removed", fields });
  }
  return found;
}

function fieldDifferences(before: Step, after: Step): FieldDifference[] {
  const then = new Map(fieldsOf(before).map((field) => [field.name, field.value]));
  const now = new Map(fieldsOf(after).map((field) => [field.name, field.value]));
  const renamed = before.Name === after.Name ? [] : [{ name: "Name", before: before.Name, after: after.Name }];
  const names = [...new Set([...now.keys(), ...then.keys()])];
  return [
    ...renamed,
    ...names
      .map((name) => ({ name, before: then.get(name) ?? null, after: now.get(name) ?? null }))
      .filter((one) => one.before !== one.after),
  ];
}

function added(fields: readonly Field[]): FieldDifference[] {
  return fields.map(({ name, value }) => ({ name, before: null, after: value }));
}

function placesOf(steps: readonly Step[]): Map<string, number> {
  return new Map(steps.map((step, place) => [step.Id, place]));
}
