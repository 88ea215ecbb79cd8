"""Which resources can be made, changed and deleted, and what is special about each: see `test_documents.py`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from compat import seeds
from compat.world import World

Given = Callable[[World], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """One resource, or one subtype of it.

    `given`: what cannot be made up. `without`: what other things set, or what only means something elsewhere.
    `fixed`: what a change may not touch. `values`: more legal values of fields, each
    of which is written once. `is_unique`: whether no other may have the name.
    """

    path: str
    resource: str
    given: Given = lambda _world: {}
    without: str = ""
    fixed: str = ""
    values: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    label: str = ""
    is_unique: bool = True

    def __str__(self) -> str:
        return self.label or self.path.strip("/").rpartition("/")[2]

    @property
    def is_system(self) -> bool:
        return self.path.startswith("/api/")

    def home(self, world: World) -> str:
        return self.path if self.is_system else f"{world.home}/{self.path}"


def _account(kind: str, **given: Any) -> Row:
    return Row("accounts", "Account", lambda _world: {"AccountType": kind, **given}, label=f"account {kind}")


def _feed(kind: str, without: str = "", **given: Any) -> Row:
    told = {"FeedType": kind, **given}
    return Row("feeds", "Feed", lambda _world: told, without=without, label=f"feed {kind}")


def _machine(path: str, kind: str, endpoint: Given) -> Row:
    def given(world: World) -> Mapping[str, Any]:
        return {"Endpoint": endpoint(world)}

    resource = "DeploymentTarget" if path == "machines" else "Worker"
    return Row(
        path, resource, given, without="Thumbprint Uri SkipInitialHealthCheck", fixed="Roles", label=f"{path} {kind}"
    )


def _trigger(filter_type: str, action: Given, **filtered: Any) -> Row:
    def given(world: World) -> Mapping[str, Any]:
        return {"Filter": {"FilterType": filter_type, **filtered}, "Action": action(world)}

    return Row("projecttriggers", "ProjectTrigger", given, label=f"trigger {filter_type}")


def _redeploy(_world: World) -> Mapping[str, Any]:
    return {"ActionType": "AutoDeploy", "ShouldRedeployWhenMachineHasBeenDeployedTo": True}


def _run_runbook(world: World) -> Mapping[str, Any]:
    environments = {"EnvironmentIds": [world["Environments-1"]], "TenantIds": [], "TenantTags": []}
    return {"ActionType": "RunRunbook", "RunbookId": world["Runbooks-1"], **environments}


def _promote(world: World) -> Mapping[str, Any]:
    places = {"SourceEnvironmentIds": [world["Environments-1"]], "DestinationEnvironmentId": world["Environments-2"]}
    return {"ActionType": "DeployLatestRelease", "ShouldRedeployWhenReleaseIsCurrent": False, **places}


_START = "2027-01-02T09:00:00.000"
_FOREVER = {"Strategy": "Forever", "QuantityToKeep": 0, "ShouldKeepForever": True, "Unit": "Items"}
_COUNTED = {"Strategy": "Count", "QuantityToKeep": 9, "ShouldKeepForever": False, "Unit": "Days"}
_TEMPLATE = {
    "Name": "Port",
    "Label": "Port number",
    "HelpText": "Where it listens",
    "DefaultValue": "8080",
    "DisplaySettings": {"Octopus.ControlType": "SingleLineText"},
}


def _phases(world: World) -> Mapping[str, Any]:
    first = {"AutomaticDeploymentTargets": [world["Environments-1"]], "OptionalDeploymentTargets": []}
    last = {"AutomaticDeploymentTargets": [], "OptionalDeploymentTargets": [world["Environments-2"]]}
    common = {"MinimumEnvironmentsBeforePromotion": 1, "IsPriorityPhase": False}
    phases = [
        {"Name": "First", "IsOptionalPhase": True, "ReleaseRetentionPolicy": _COUNTED, **first, **common},
        {"Name": "Last", "IsOptionalPhase": False, "TentacleRetentionPolicy": _FOREVER, **last, **common},
    ]
    return {"Phases": phases, "ReleaseRetentionPolicy": _COUNTED, "TentacleRetentionPolicy": _FOREVER}


def _machine_policy(_world: World) -> Mapping[str, Any]:
    script = {"RunType": "Inline", "ScriptBody": "echo fine"}
    check = {"HealthCheckInterval": "01:30:00", "HealthCheckType": "RunScript", "HealthCheckCronTimezone": "UTC"}
    check |= {"BashHealthCheckPolicy": script, "PowerShellHealthCheckPolicy": script}  # type: ignore[dict-item]
    update = {"CalamariUpdateBehavior": "UpdateAlways", "TentacleUpdateBehavior": "Update"}
    clean = {"DeleteMachinesBehavior": "DeleteUnavailableMachines", "DeleteMachinesElapsedTimeSpan": "02:00:00"}
    return {
        "MachineHealthCheckPolicy": check,
        "MachineConnectivityPolicy": {"MachineConnectivityBehavior": "MayBeOfflineAndCanBeSkipped"},
        "MachineUpdatePolicy": {**update, "KubernetesAgentUpdateBehavior": "Block"},
        "MachineCleanupPolicy": clean,
        "IsDefault": False,
    }


def _project(world: World) -> Mapping[str, Any]:
    policy = {"AllowDeploymentsToNoTargets": True, "ExcludeUnhealthyTargets": True, "TargetRoles": ["web"]}
    return {
        "IncludedLibraryVariableSetIds": [world["LibraryVariableSets-1"]],
        "ProjectConnectivityPolicy": {**policy, "SkipMachineBehavior": "SkipUnavailableMachines"},
        "Templates": [_TEMPLATE],
        "VersioningStrategy": {"Template": "#{Octopus.Version.LastMajor}.i"},
        "AutoCreateRelease": False,
        "ReleaseCreationStrategy": None,
    }


def _channel(world: World) -> Mapping[str, Any]:
    package = {"DeploymentAction": "Step", "PackageReference": ""}
    rule = {"ActionPackages": [package], "VersionRange": "[1.0,2.0)", "Tag": "^$"}
    fields = [{"FieldName": "Ticket", "Description": "Where it was asked for"}]
    return {"Type": "Lifecycle", "Rules": [rule], "CustomFieldDefinitions": fields, "IsDefault": False}


def _freeze(world: World) -> Mapping[str, Any]:
    scope = {world["Projects-1"]: [world["Environments-1"]]}
    times = {"Start": "2027-01-02T03:04:05.000+00:00", "End": "2027-01-03T03:04:05.000+00:00"}
    return {"ProjectEnvironmentScope": scope, **times}


def _git_credential(_world: World) -> Mapping[str, Any]:
    details = {"Type": "UsernamePassword", "Username": "git", "Password": {"HasValue": True, "NewValue": "s3cret"}}
    restrictions = {"Enabled": True, "AllowedRepositories": ["https://example.com/r"]}
    return {"Details": details, "RepositoryRestrictions": restrictions}


def _subscription(_world: World) -> Mapping[str, Any]:
    heard = {"EventCategories": ["DeploymentFailed"], "EventGroups": ["DeploymentsCritical"], "DocumentTypes": []}
    told = {"WebhookURI": "https://example.com/hook", "WebhookTimeout": "00:00:10", "WebhookHeaderKey": "X-Key"}
    mail = {"EmailFrequencyPeriod": "01:00:00", "EmailPriority": "High", "EmailShowDatesInTimeZoneId": "UTC"}
    return {"EventNotificationSubscription": {"Filter": heard, **told, **mail}, "Type": "Event"}


def _certificate(_world: World) -> Mapping[str, Any]:
    return {"CertificateData": {"HasValue": True, "NewValue": seeds.certificate_data()}}


def _runbook(world: World) -> Mapping[str, Any]:
    policy = {"AllowDeploymentsToNoTargets": True, "ExcludeUnhealthyTargets": False, "SkipMachineBehavior": "None"}
    kept = {"QuantityToKeep": 9, "ShouldKeepForever": False, "Strategy": "Count", "Unit": "Items"}
    return {"ConnectivityPolicy": policy, "RunRetentionPolicy": kept, "EnvironmentScope": "All", "Slug": "a-runbook"}


def _tag_set(_world: World) -> Mapping[str, Any]:
    tags = [{"Name": "Stable", "Color": "#36A766", "Description": "Gets it last", "SortOrder": 0}]
    return {"Tags": tags, "Scopes": ["Tenant", "Project"], "Type": "MultiSelect"}


def _action_template(_world: World) -> Mapping[str, Any]:
    script = {"ScriptSource": "Inline", "Syntax": "Bash", "ScriptBody": "echo #{Port}"}
    properties = {f"Octopus.Action.Script.{name}": value for name, value in script.items()}
    return {"ActionType": "Octopus.Script", "Properties": properties, "Parameters": [_TEMPLATE]}


_PASSWORDS = {"Username": "ada.lovelace", "Password": "Correct-horse-1"}

ROWS: tuple[Row, ...] = (
    Row("environments", "Environment", without="ExtensionSettings"),
    Row("parentEnvironments", "ParentEnvironment"),
    Row("projectgroups", "ProjectGroup", without="RetentionPolicyId EnvironmentIds"),
    Row("lifecycles", "Lifecycle", _phases),
    Row(
        "projects",
        "Project",
        _project,
        without="ExtensionSettings AutoDeployReleaseOverrides DeprovisioningRunbookId ProvisioningRunbookId"
        " IsVersionControlled ProjectTemplateDetails ReleaseCreationStrategy RetainTenantConnections"
        " ExecuteDeploymentsOnEventBasedPipeline DefaultPowerShellEdition",
        fixed="AutoCreateRelease",
    ),
    Row(
        "channels",
        "Channel",
        _channel,
        without="EphemeralEnvironmentNameTemplate ParentEnvironmentId AutomaticEphemeralEnvironmentDeployments"
        " GitReferenceRules GitResourceRules",
        fixed="IsDefault Type",
    ),
    Row("runbooks", "Runbook", _runbook, without="PublishedRunbookSnapshotId RunbookProcessId", fixed="Slug ProjectId"),
    Row(
        "libraryvariablesets",
        "LibraryVariableSet",
        lambda _world: {"ContentType": "Variables", "Templates": [_TEMPLATE]},
    ),
    Row("actiontemplates", "ActionTemplate", _action_template, fixed="ActionType"),
    Row("tagsets", "TagSet", _tag_set, fixed="Type"),
    Row(
        "tenants",
        "Tenant",
        lambda world: {
            "Description": "Buys much",
            "ProjectEnvironments": {world["Projects-1"]: [world["Environments-1"]]},
        },
        without="ClonedFromTenantId",
    ),
    Row("proxies", "Proxy", lambda _world: {"ProxyType": "HTTP"}, fixed="ProxyType"),
    Row("certificates", "Certificate", _certificate, without="SelfSignedCertificateCurve Password", is_unique=False),
    Row("git-credentials", "GitCredential", _git_credential, without="Type"),
    Row("machinepolicies", "MachinePolicy", _machine_policy, fixed="IsDefault"),
    Row(
        "workerpools",
        "WorkerPool",
        lambda _world: {"WorkerPoolType": "StaticWorkerPool", "IsDefault": False, "CanAddWorkers": True},
        fixed="IsDefault CanAddWorkers WorkerPoolType",
        label="pool StaticWorkerPool",
    ),
    Row(
        "workerpools",
        "WorkerPool",
        lambda _world: {"WorkerPoolType": "DynamicWorkerPool", "WorkerType": "UbuntuDefault", "IsDefault": False},
        fixed="IsDefault CanAddWorkers WorkerPoolType WorkerType",
        without="CanAddWorkers",
        label="pool DynamicWorkerPool",
    ),
    Row("subscriptions", "Subscription", _subscription, fixed="Type"),
    Row(
        "/api/deploymentfreezes",
        "DeploymentFreeze",
        _freeze,
        without="OwnerId RecurringSchedule TenantProjectEnvironmentScope",
    ),
    Row(
        "/api/spaces",
        "Space",
        lambda world: {"IsDefault": False, "TaskQueueStopped": True, "Slug": "a-space"},
        without="SpaceManagersTeams",
        fixed="IsDefault TaskQueueStopped Slug",
    ),
    Row(
        "/api/teams",
        "Team",
        lambda world: {"SpaceId": world["Spaces-1"]},
        without="ExternalSecurityGroups",
        fixed="SpaceId",
    ),
    Row(
        "/api/userroles",
        "UserRole",
        lambda _world: {"GrantedSpacePermissions": ["ProjectView", "TaskView"], "GrantedSystemPermissions": []},
    ),
    Row(
        "scopeduserroles",
        "ScopedUserRole",
        lambda world: {"UserRoleId": "userroles-projectviewer", "SpaceId": world["Spaces-1"]},
        fixed="UserRoleId",
    ),
    Row(
        "/api/users",
        "User",
        lambda _world: _PASSWORDS,
        without="Created Identities",
        fixed="IsService Username Password",
    ),
    _account("UsernamePassword"),
    _account("AzureServicePrincipal"),
    _account("AzureOidc"),
    _account("AzureSubscription"),
    _account("AmazonWebServicesAccount"),
    _account("AmazonWebServicesOidcAccount"),
    _account("GoogleCloudAccount"),
    _account("GoogleCloudOidcAccount"),
    _account("GenericOidcAccount"),
    _account("Token"),
    _feed("NuGet"),
    _feed("Docker"),
    _feed("Maven"),
    _feed("GitHub"),
    _feed("Helm"),
    _feed("OciRegistry"),
    _feed("AwsElasticContainerRegistry", without="OidcAuthentication Username Password"),
    _feed("S3", without="Username Password"),
    _feed("AzureContainerRegistry", without="OidcAuthentication"),
    _machine("machines", "listening", lambda world: {**seeds.listening("h"), "ProxyId": world["Proxies-1"]}),
    _machine("machines", "polling", lambda _world: seeds.polling("x")),
    _machine("machines", "ssh", seeds.over_ssh),
    _machine("machines", "kubernetes", seeds.kubernetes),
    _machine("machines", "web app", seeds.azure_app),
    _machine("machines", "cloud region", lambda _world: {"CommunicationStyle": "None"}),
    _machine("workers", "listening", lambda _world: seeds.listening("h")),
    _machine("workers", "ssh", seeds.over_ssh),
    _trigger("MachineFilter", _redeploy, EnvironmentIds=[], Roles=["web"], EventGroups=["Machine"], EventCategories=[]),
    _trigger("OnceDailySchedule", _run_runbook, StartTime=_START, DaysOfWeek=["Monday", "Friday"], Timezone="UTC"),
    _trigger("CronExpressionSchedule", _promote, CronExpression="0 0 6 * * *", Timezone="UTC"),
    _trigger(
        "ContinuousDailySchedule",
        _run_runbook,
        Interval="OnceHourly",
        HourInterval=2,
        DaysOfWeek=["Monday"],
        RunAfter=_START,
        RunUntil="2027-01-02T17:00:00.000",
        Timezone="UTC",
    ),
    _trigger(
        "DaysPerMonthSchedule",
        _promote,
        MonthlyScheduleType="DateOfMonth",
        DateOfMonth="L",
        StartTime=_START,
        Timezone="UTC",
    ),
)
