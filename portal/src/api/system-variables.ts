import type { KnownVariable } from "@/components/code/variables";

/** What the server itself sets, most wanted first; see docs/reference/system-variables.md. */
const GROUPS: readonly [about: string, prefix: string, names: string][] = [
  [
    "of the release",
    "Octopus.Release.",
    "Number Id Notes Created Channel.Name Channel.Id Previous.Number Previous.Id PreviousForEnvironment.Number " +
      "PreviousForEnvironment.Id CurrentForEnvironment.Number CurrentForEnvironment.Id Git.Ref Git.BranchName " +
      "Git.TagName Git.CommitHash",
  ],
  ["of the environment", "Octopus.Environment.", "Name Id Slug SortOrder"],
  [
    "of the deployment",
    "Octopus.Deployment.",
    "Id Name Comments Created CreatedBy.DisplayName CreatedBy.Username CreatedBy.Id CreatedBy.EmailAddress Tenant.Name " +
      "Tenant.Id Tenant.Tags PreviousSuccessful.Id Machines SpecificMachines ExcludedMachines ForcePackageDownload " +
      "Changes ChangesMarkdown WorkItems PackageBuildInformation Error ErrorDetail",
  ],
  ["of the project", "Octopus.Project.", "Name Id Slug"],
  ["of the project's group", "Octopus.ProjectGroup.", "Name Id"],
  ["of the space", "Octopus.Space.", "Name Id"],
  ["of the target", "Octopus.Machine.", "Name Id Roles Hostname DeploymentTargetType"],
  ["of the step", "Octopus.Step.", "Name Id Number Status.Code"],
  ["of the action", "Octopus.Action.", "Name Id Number TargetRoles Script.Syntax"],
  ["of the action's package", "Octopus.Action.Package.", "PackageId PackageVersion FeedId"],
  ["of the task", "Octopus.Task.", "Id Name QueueTime QueueTimeExpiry"],
  [
    "of a runbook's run",
    "Octopus.",
    "Runbook.Name Runbook.Id RunbookSnapshot.Name RunbookSnapshot.Id RunbookSnapshot.Notes",
  ],
  ["of a runbook's run", "Octopus.RunbookRun.", "Id Name Comments Created"],
  ["of the worker pool", "Octopus.WorkerPool.", "Name Id"],
  ["address of the server", "Octopus.Web.", "ServerUri BaseUrl ProjectLink ReleaseLink DeploymentLink"],
  ["token of the account", "Octopus.OpenIdConnect.", "Jwt"],
  ["of the target and the step", "Octopus.Tentacle.CurrentDeployment.", "TargetedRoles"],
  ["folder on the target", "Octopus.Tentacle.Agent.", "ApplicationDirectoryPath InstanceName ProgramDirectoryPath"],
];

export const SYSTEM_VARIABLES: readonly KnownVariable[] = GROUPS.flatMap(([about, prefix, names]) =>
  names.split(" ").map((name) => ({ name: prefix + name, about })),
);
