import type { Shape } from "@/api/client";

export type Step = Shape<"DeploymentStep">;
type Action = Step["Actions"][number];

export interface Field {
  name: string;
  value: string;
}

/** What a step is set to, field by field: only what is set, secrets as the word for them. */
export function fieldsOf(step: Step): Field[] {
  const isOne = step.Actions.length === 1 && step.Actions[0]?.Name === step.Name;
  const own: [string, string][] = [
    ["Runs when", step.Condition === "Success" ? "" : step.Condition],
    ["Starts", step.StartTrigger === "StartWithPrevious" ? "Together with the step before" : ""],
    ["Packages", step.PackageRequirement === "LetOctopusDecide" ? "" : step.PackageRequirement],
    ...propertiesOf(step.Properties),
  ];
  const actions = step.Actions.flatMap((action) =>
    fieldsOfAction(action).map(([name, value]): [string, string] => [isOne ? name : `${action.Name}: ${name}`, value]),
  );
  return [...own, ...actions].filter(([, value]) => value !== "").map(([name, value]) => ({ name, value }));
}

function fieldsOfAction(action: Action): [string, string][] {
  return [
    ["Kind", action.ActionType],
    ["Disabled", action.IsDisabled ? "Yes" : ""],
    ["Required", action.IsRequired ? "Yes" : ""],
    ["Condition", action.Condition === "Success" ? "" : action.Condition],
    ["Environments", list(action.Environments)],
    ["Not in environments", list(action.ExcludedEnvironments)],
    ["Channels", list(action.Channels)],
    ["Tenant tags", list(action.TenantTags)],
    ["Worker pool", action.WorkerPoolId ?? action.WorkerPoolVariable ?? ""],
    ["Container", [action.Container?.Image, action.Container?.FeedId].filter(Boolean).join(" from ")],
    ...action.Packages.map((one): [string, string] => [
      one.Name ? `Package ${one.Name}` : "Package",
      `${one.PackageId}${one.Version ? ` ${one.Version}` : ""} from ${one.FeedId}`,
    ]),
    ...action.GitDependencies.map((one): [string, string] => [
      one.Name ? `Repository ${one.Name}` : "Repository",
      `${one.RepositoryUri} (${one.DefaultBranch})`,
    ]),
    ...propertiesOf(action.Properties),
    ["Notes", action.Notes ?? ""],
  ];
}

/** The names that properties have in the original, without what all of them begin with. */
function propertiesOf(properties: Record<string, unknown>): [string, string][] {
  return Object.entries(properties)
    .sort(([one], [other]) => one.localeCompare(other))
    .map(([name, value]) => [name.replace(/^Octopus\.Action\./, ""), textOf(value)]);
}

function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return "";
  return (value as { HasValue?: boolean }).HasValue ? "A secret" : "";
}

function list(ids: readonly string[]): string {
  return ids.join(", ");
}
