import type { Properties, Secret } from "./document";

/** Names of properties that more than one form reads or writes. */
export const ROLES = "Octopus.Action.TargetRoles";
export const WINDOW = "Octopus.Action.MaxParallelism";
export const RUN_ON_SERVER = "Octopus.Action.RunOnServer";
export const STEP_CONDITION = "Octopus.Step.ConditionVariableExpression";
export const ACTION_CONDITION = "Octopus.Action.ConditionVariableExpression";
export const RETRIES = "Octopus.Action.AutoRetry.MaximumCount";
export const BACKOFF = "Octopus.Action.AutoRetry.MinimumBackoff";
export const TIMEOUT = "Octopus.Action.ExecutionTimeout.Minutes";
export const FEATURES = "Octopus.Action.EnabledFeatures";
export const TEMPLATE_ID = "Octopus.Action.Template.Id";
export const TEMPLATE_VERSION = "Octopus.Action.Template.Version";
export const SCRIPT_SOURCE = "Octopus.Action.Script.ScriptSource";
export const SCRIPT_SYNTAX = "Octopus.Action.Script.Syntax";
export const SCRIPT_BODY = "Octopus.Action.Script.ScriptBody";
export const SCRIPT_FILE = "Octopus.Action.Script.ScriptFileName";
export const SCRIPT_PARAMETERS = "Octopus.Action.Script.ScriptParameters";
export const GIT_SOURCE = "Octopus.Action.GitRepository.Source";
export const PACKAGE_ID = "Octopus.Action.Package.PackageId";
export const PACKAGE_FEED = "Octopus.Action.Package.FeedId";
export const INSTRUCTIONS = "Octopus.Action.Manual.Instructions";
export const TEAMS = "Octopus.Action.Manual.ResponsibleTeamIds";
export const RELEASE_PROJECT = "Octopus.Action.DeployRelease.ProjectId";

/** The text of a property; a secret has none to show. */
export function textIn(properties: Properties, name: string): string {
  const value = properties[name];
  return typeof value === "string" ? value : "";
}

export function secretIn(properties: Properties, name: string): Secret | null {
  const value = properties[name];
  return typeof value === "object" && value !== null ? value : null;
}

/** Sets or, with null or an empty text, takes out a property; all others stay as they are and where they are. */
export function withText(properties: Properties, name: string, text: string | null): Properties {
  if (text === null || text === "") {
    if (!(name in properties)) return properties;
    const { [name]: _gone, ...rest } = properties;
    return rest;
  }
  return { ...properties, [name]: text };
}

/** `True`, `true` and so on; `fallback` where the property says nothing. */
export function flagIn(properties: Properties, name: string, fallback = false): boolean {
  const text = textIn(properties, name).trim().toLowerCase();
  return text === "" ? fallback : text === "true";
}

/** Names joined by commas (or semicolons, as some clients write them). */
export function listIn(properties: Properties, name: string): string[] {
  return textIn(properties, name)
    .split(/[,;\r\n]+/)
    .map((one) => one.trim())
    .filter(Boolean);
}

export function withList(properties: Properties, name: string, list: readonly string[]): Properties {
  return withText(properties, name, list.join(","));
}

export function hasFeature(properties: Properties, feature: string): boolean {
  return listIn(properties, FEATURES).some((one) => one.toLowerCase() === feature.toLowerCase());
}

export function withFeature(properties: Properties, feature: string, isOn: boolean): Properties {
  const others = listIn(properties, FEATURES).filter((one) => one.toLowerCase() !== feature.toLowerCase());
  return withList(properties, FEATURES, isOn ? [...others, feature] : others);
}

/** Whether a text is filled in from variables when it is used. */
export function isBound(text: string | null | undefined): boolean {
  return (text ?? "").includes("#{");
}
