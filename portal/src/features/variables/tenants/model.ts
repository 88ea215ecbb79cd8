import type { Shape } from "@/api/client";
import { isGiven, type Parameter, type ParameterValue } from "@/components/parameters/controls";

export type TenantVariable = Shape<"TenantCommonVariable"> | Shape<"TenantProjectVariable">;

/** A value that a tenant gives to a template, or could give: it has no id then. */
export interface Given {
  /** Of the value; for what is missing one that only this screen knows. */
  key: string;
  id: string;
  owner: string;
  ownerName: string;
  isLibrary: boolean;
  template: Parameter;
  value: ParameterValue;
  /** Where it holds; everywhere that the tenant is connected to if there is none. */
  environments: string[];
}

export function givenOf(one: TenantVariable): Given {
  const isLibrary = "LibraryVariableSetId" in one;
  const owner = isLibrary ? one.LibraryVariableSetId : one.ProjectId;
  const environments = [...one.Scope.EnvironmentIds];
  return {
    key: one.Id || `${owner}/${one.TemplateId}/${environments.join()}`,
    id: one.Id,
    owner,
    ownerName: isLibrary ? one.LibraryVariableSetName : one.ProjectName,
    isLibrary,
    template: one.Template,
    value: one.Id === "" ? null : one.Value,
    environments,
  };
}

/** Everything of one project or library set, template by template: by name, so that a save moves nothing. */
export interface OwnerGroup {
  owner: string;
  name: string;
  isLibrary: boolean;
  templates: { template: Parameter; given: Given[] }[];
  missing: number;
}

export function groupsOf(values: readonly Given[]): OwnerGroup[] {
  const groups = new Map<string, OwnerGroup>();
  for (const one of values) {
    const group = groups.get(one.owner) ?? {
      owner: one.owner,
      name: one.ownerName,
      isLibrary: one.isLibrary,
      templates: [],
      missing: 0,
    };
    groups.set(one.owner, group);
    const line = group.templates.find(({ template }) => template.Id === one.template.Id);
    if (line) line.given.push(one);
    else group.templates.push({ template: one.template, given: [one] });
    if (isMissing(one)) group.missing += 1;
  }
  const titleOf = ({ template }: { template: Parameter }) => template.Label || template.Name;
  for (const { templates } of groups.values()) {
    templates.sort((one, other) => titleOf(one).localeCompare(titleOf(other), "en"));
  }
  return [...groups.values()].sort(
    (one, other) => Number(other.isLibrary) - Number(one.isLibrary) || one.name.localeCompare(other.name, "en"),
  );
}

/** Nothing is given, and the template has no default: a deployment there would be refused. */
export function isMissing(one: Given): boolean {
  return (
    !isGiven(one.value) &&
    !isGiven(one.template.DefaultValue) &&
    one.template.DisplaySettings["Octopus.ControlType"] !== "Checkbox"
  );
}

/** What is written: those that have something. An empty text means that the default holds. */
export function toWrite(values: readonly Given[], isLibrary: boolean) {
  return values
    .filter((one) => one.isLibrary === isLibrary && isGiven(one.value))
    .map((one) => ({
      Id: one.id,
      TemplateId: one.template.Id,
      Value: one.value,
      Scope: { EnvironmentIds: isLibrary && isAlone(one, values) ? [] : one.environments },
      ...(isLibrary ? { LibraryVariableSetId: one.owner } : { ProjectId: one.owner }),
    }));
}

/** The only value of its template: one of a library set holds in all environments then, also in those to come. */
function isAlone(one: Given, values: readonly Given[]): boolean {
  return !values.some((each) => each !== one && each.owner === one.owner && each.template.Id === one.template.Id);
}

/** Gives one of its environments a value of its own. */
export function split(values: readonly Given[], key: string, environment: string): Given[] {
  return values.flatMap((one) => {
    if (one.key !== key) return [one];
    const rest = one.environments.filter((id) => id !== environment);
    const own = {
      ...one,
      key: `${one.key}/${environment}`,
      id: "",
      environments: [environment],
      value: copied(one.value),
    };
    return rest.length === 0 ? [one] : [{ ...one, environments: rest }, own];
  });
}

/** A secret that the server keeps cannot be copied to another value: it is typed again. */
function copied(value: ParameterValue): ParameterValue {
  return typeof value === "string" ? value : null;
}

/** Without the secrets that were typed: what the base has stands in their place. */
export function withoutSecrets(values: Given[], base: readonly Given[]): Given[] {
  return values.map((one) =>
    typeof one.value === "string" || !one.value?.NewValue
      ? one
      : { ...one, value: base.find(({ key }) => key === one.key)?.value ?? null },
  );
}
