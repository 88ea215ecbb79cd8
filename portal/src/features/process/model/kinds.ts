import { type Action, freeName, newId, type Properties } from "./document";
import { RUN_ON_SERVER, SCRIPT_BODY, SCRIPT_SOURCE, SCRIPT_SYNTAX, TEMPLATE_ID, TEMPLATE_VERSION } from "./properties";

/** Where a kind of step is done: by targets, by the server itself, by workers, or where the step says. */
export type Where = "target" | "server" | "either" | "worker";

interface Kind {
  name: string;
  where: Where;
  /** What a new one of the kind begins with. */
  start: Properties;
  /** Whether a failed attempt may be repeated, and have a limit of time. */
  isTimed: boolean;
}

const SCRIPT: Properties = { [SCRIPT_SOURCE]: "Inline", [SCRIPT_SYNTAX]: "Bash", [SCRIPT_BODY]: "" };

const KINDS: Record<string, Kind> = {
  "Octopus.Script": {
    name: "Run a script",
    where: "either",
    start: { ...SCRIPT, [RUN_ON_SERVER]: "true" },
    isTimed: true,
  },
  "Octopus.TentaclePackage": {
    name: "Deploy a package",
    where: "target",
    start: {
      "Octopus.Action.EnabledFeatures":
        "Octopus.Features.ConfigurationTransforms,Octopus.Features.ConfigurationVariables",
      "Octopus.Action.Package.AutomaticallyRunConfigurationTransformationFiles": "True",
      "Octopus.Action.Package.AutomaticallyUpdateAppSettingsAndConnectionStrings": "True",
      "Octopus.Action.Package.DownloadOnTentacle": "False",
    },
    isTimed: true,
  },
  "Octopus.KubernetesRunScript": { name: "Run a kubectl script", where: "worker", start: SCRIPT, isTimed: true },
  "Octopus.Manual": { name: "Manual intervention", where: "server", start: {}, isTimed: false },
  "Octopus.Email": {
    name: "Send an email",
    where: "server",
    start: { "Octopus.Action.Email.Priority": "Normal" },
    isTimed: false,
  },
  "Octopus.HealthCheck": {
    name: "Health check",
    where: "server",
    start: {
      "Octopus.Action.HealthCheck.Type": "FullHealthCheck",
      "Octopus.Action.HealthCheck.ErrorHandling": "TreatExceptionsAsErrors",
      "Octopus.Action.HealthCheck.IncludeMachinesInDeployment": "DoNotAlterMachines",
    },
    isTimed: false,
  },
  "Octopus.DeployRelease": {
    name: "Deploy a release",
    where: "server",
    start: { "Octopus.Action.DeployRelease.DeploymentCondition": "Always" },
    isTimed: false,
  },
};

/** What a kind is called; one that this portal does not know by its own name. */
export function kindName(type: string): string {
  return KINDS[type]?.name ?? type;
}

/** A kind that the server cannot run may say by its property where it would. */
export function whereOf(type: string): Where {
  return KINDS[type]?.where ?? "either";
}

export function isTimed(type: string): boolean {
  return KINDS[type]?.isTimed ?? true;
}

/** An action of a kind as it is added: with what cannot be done without, and nothing else. */
export function newAction(type: string, name: string, taken: readonly string[]): Action {
  return {
    Id: newId(),
    Name: freeName(name, taken),
    Slug: "",
    ActionType: type,
    Notes: null,
    IsDisabled: false,
    IsRequired: false,
    CanBeUsedForProjectVersioning: type === "Octopus.TentaclePackage",
    Condition: "Success",
    Container: { Image: null, FeedId: null, GitUrl: null, Dockerfile: null },
    Environments: [],
    ExcludedEnvironments: [],
    Channels: [],
    TenantTags: [],
    Packages: [],
    GitDependencies: [],
    WorkerPoolId: null,
    WorkerPoolVariable: null,
    Properties: { ...KINDS[type]?.start },
    Inputs: null,
    StepPackageVersion: null,
  };
}

/** What a template gives to a step that is made from it. */
interface Source {
  Id: string;
  Name: string;
  ActionType: string;
  Version: number;
  Packages: Action["Packages"];
  GitDependencies: Action["GitDependencies"];
  Properties: Properties;
  Parameters: { Name: string; DefaultValue: Properties[string] | null }[];
}

/** A step like a template says, that knows from which of its versions, with the parameters' defaults as values. */
export function actionFrom(template: Source, taken: readonly string[]): Action {
  const action = newAction(template.ActionType, template.Name, taken);
  const defaults = template.Parameters.flatMap(({ Name, DefaultValue }) =>
    DefaultValue === null || DefaultValue === "" ? [] : [[Name, DefaultValue] as const],
  );
  return {
    ...action,
    Packages: template.Packages.map((one) => ({ ...one, Id: newId() })),
    GitDependencies: template.GitDependencies,
    Properties: {
      ...template.Properties,
      ...Object.fromEntries(defaults),
      [TEMPLATE_ID]: template.Id,
      [TEMPLATE_VERSION]: String(template.Version),
    },
  };
}
