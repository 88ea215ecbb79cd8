"""The permissions of the contract, by the names that clients and role editors show, and how a grant may be narrowed."""

from __future__ import annotations

from enum import StrEnum


class Permission(StrEnum):
    ADMINISTER_SYSTEM = "AdministerSystem"
    PROJECT_EDIT = "ProjectEdit"
    PROJECT_VIEW = "ProjectView"
    PROJECT_CREATE = "ProjectCreate"
    PROJECT_DELETE = "ProjectDelete"
    PROCESS_VIEW = "ProcessView"
    PROCESS_EDIT = "ProcessEdit"
    VARIABLE_EDIT = "VariableEdit"
    VARIABLE_EDIT_UNSCOPED = "VariableEditUnscoped"
    VARIABLE_VIEW = "VariableView"
    VARIABLE_VIEW_UNSCOPED = "VariableViewUnscoped"
    RELEASE_CREATE = "ReleaseCreate"
    RELEASE_VIEW = "ReleaseView"
    RELEASE_EDIT = "ReleaseEdit"
    RELEASE_DELETE = "ReleaseDelete"
    DEFECT_REPORT = "DefectReport"
    DEFECT_RESOLVE = "DefectResolve"
    DEPLOYMENT_CREATE = "DeploymentCreate"
    DEPLOYMENT_DELETE = "DeploymentDelete"
    DEPLOYMENT_VIEW = "DeploymentView"
    ENVIRONMENT_VIEW = "EnvironmentView"
    ENVIRONMENT_CREATE = "EnvironmentCreate"
    ENVIRONMENT_EDIT = "EnvironmentEdit"
    ENVIRONMENT_DELETE = "EnvironmentDelete"
    MACHINE_CREATE = "MachineCreate"
    MACHINE_EDIT = "MachineEdit"
    MACHINE_VIEW = "MachineView"
    MACHINE_DELETE = "MachineDelete"
    ARTIFACT_VIEW = "ArtifactView"
    ARTIFACT_CREATE = "ArtifactCreate"
    ARTIFACT_EDIT = "ArtifactEdit"
    ARTIFACT_DELETE = "ArtifactDelete"
    FEED_VIEW = "FeedView"
    EVENT_VIEW = "EventView"
    LIBRARY_VARIABLE_SET_VIEW = "LibraryVariableSetView"
    LIBRARY_VARIABLE_SET_CREATE = "LibraryVariableSetCreate"
    LIBRARY_VARIABLE_SET_EDIT = "LibraryVariableSetEdit"
    LIBRARY_VARIABLE_SET_DELETE = "LibraryVariableSetDelete"
    PROJECT_GROUP_VIEW = "ProjectGroupView"
    PROJECT_GROUP_CREATE = "ProjectGroupCreate"
    PROJECT_GROUP_EDIT = "ProjectGroupEdit"
    PROJECT_GROUP_DELETE = "ProjectGroupDelete"
    TEAM_CREATE = "TeamCreate"
    TEAM_VIEW = "TeamView"
    TEAM_EDIT = "TeamEdit"
    TEAM_DELETE = "TeamDelete"
    USER_VIEW = "UserView"
    USER_INVITE = "UserInvite"
    USER_ROLE_VIEW = "UserRoleView"
    USER_ROLE_EDIT = "UserRoleEdit"
    TASK_VIEW = "TaskView"
    TASK_VIEW_LOG = "TaskViewLog"
    TASK_CREATE = "TaskCreate"
    TASK_CANCEL = "TaskCancel"
    TASK_EDIT = "TaskEdit"
    INTERRUPTION_VIEW = "InterruptionView"
    INTERRUPTION_SUBMIT = "InterruptionSubmit"
    INTERRUPTION_VIEW_SUBMIT_RESPONSIBLE = "InterruptionViewSubmitResponsible"
    BUILT_IN_FEED_PUSH = "BuiltInFeedPush"
    BUILT_IN_FEED_ADMINISTER = "BuiltInFeedAdminister"
    BUILT_IN_FEED_DOWNLOAD = "BuiltInFeedDownload"
    ACTION_TEMPLATE_VIEW = "ActionTemplateView"
    ACTION_TEMPLATE_CREATE = "ActionTemplateCreate"
    ACTION_TEMPLATE_EDIT = "ActionTemplateEdit"
    ACTION_TEMPLATE_DELETE = "ActionTemplateDelete"
    LIFECYCLE_CREATE = "LifecycleCreate"
    LIFECYCLE_VIEW = "LifecycleView"
    LIFECYCLE_EDIT = "LifecycleEdit"
    LIFECYCLE_DELETE = "LifecycleDelete"
    ACCOUNT_VIEW = "AccountView"
    ACCOUNT_EDIT = "AccountEdit"
    ACCOUNT_CREATE = "AccountCreate"
    ACCOUNT_DELETE = "AccountDelete"
    TENANT_CREATE = "TenantCreate"
    TENANT_EDIT = "TenantEdit"
    TENANT_VIEW = "TenantView"
    TENANT_DELETE = "TenantDelete"
    TAG_SET_CREATE = "TagSetCreate"
    TAG_SET_EDIT = "TagSetEdit"
    TAG_SET_DELETE = "TagSetDelete"
    TELEMETRY_VIEW = "TelemetryView"
    MACHINE_POLICY_CREATE = "MachinePolicyCreate"
    MACHINE_POLICY_VIEW = "MachinePolicyView"
    MACHINE_POLICY_EDIT = "MachinePolicyEdit"
    MACHINE_POLICY_DELETE = "MachinePolicyDelete"
    PROXY_CREATE = "ProxyCreate"
    PROXY_VIEW = "ProxyView"
    PROXY_EDIT = "ProxyEdit"
    PROXY_DELETE = "ProxyDelete"
    SUBSCRIPTION_CREATE = "SubscriptionCreate"
    SUBSCRIPTION_VIEW = "SubscriptionView"
    SUBSCRIPTION_EDIT = "SubscriptionEdit"
    SUBSCRIPTION_DELETE = "SubscriptionDelete"
    TRIGGER_CREATE = "TriggerCreate"
    TRIGGER_VIEW = "TriggerView"
    TRIGGER_EDIT = "TriggerEdit"
    TRIGGER_DELETE = "TriggerDelete"
    CERTIFICATE_VIEW = "CertificateView"
    CERTIFICATE_CREATE = "CertificateCreate"
    CERTIFICATE_EDIT = "CertificateEdit"
    CERTIFICATE_DELETE = "CertificateDelete"
    CERTIFICATE_EXPORT_PRIVATE_KEY = "CertificateExportPrivateKey"
    USER_EDIT = "UserEdit"
    CONFIGURE_SERVER = "ConfigureServer"
    FEED_EDIT = "FeedEdit"
    WORKER_VIEW = "WorkerView"
    WORKER_EDIT = "WorkerEdit"
    SPACE_EDIT = "SpaceEdit"
    SPACE_VIEW = "SpaceView"
    SPACE_DELETE = "SpaceDelete"
    SPACE_CREATE = "SpaceCreate"
    BUILD_INFORMATION_PUSH = "BuildInformationPush"
    BUILD_INFORMATION_ADMINISTER = "BuildInformationAdminister"
    RUNBOOK_VIEW = "RunbookView"
    RUNBOOK_EDIT = "RunbookEdit"
    RUNBOOK_SNAPSHOT_CREATE = "RunbookSnapshotCreate"
    RUNBOOK_RUN_VIEW = "RunbookRunView"
    RUNBOOK_RUN_DELETE = "RunbookRunDelete"
    RUNBOOK_RUN_CREATE = "RunbookRunCreate"
    GIT_CREDENTIAL_VIEW = "GitCredentialView"
    GIT_CREDENTIAL_EDIT = "GitCredentialEdit"
    EVENT_RETENTION_DELETE = "EventRetentionDelete"
    EVENT_RETENTION_VIEW = "EventRetentionView"
    RUNBOOK_RUN_EDIT = "RunbookRunEdit"
    TASK_PRIORITIZE = "TaskPrioritize"
    INSIGHTS_REPORT_VIEW = "InsightsReportView"
    INSIGHTS_REPORT_CREATE = "InsightsReportCreate"
    INSIGHTS_REPORT_EDIT = "InsightsReportEdit"
    INSIGHTS_REPORT_DELETE = "InsightsReportDelete"
    DEPLOYMENT_FREEZE_ADMINISTER = "DeploymentFreezeAdminister"
    TARGET_TAG_VIEW = "TargetTagView"
    TARGET_TAG_ADMINISTER = "TargetTagAdminister"
    PLATFORM_HUB_VIEW = "PlatformHubView"
    PLATFORM_HUB_EDIT = "PlatformHubEdit"
    RETENTION_ADMINISTER = "RetentionAdminister"
    FEATURE_TOGGLE_EDIT = "FeatureToggleEdit"
    APPROVAL_POLICY_ADMINISTER = "ApprovalPolicyAdminister"
    SSH_KNOWN_HOSTS_ADMINISTER = "SshKnownHostsAdminister"
    SSH_KNOWN_HOSTS_VIEW = "SshKnownHostsView"
    AI_AGENT_TRANSCRIPT_VIEW = "AiAgentTranscriptView"
    DEPLOYED_RESOURCE_ADMINISTER = "DeployedResourceAdminister"


#: The kinds of scope by which a grant of the permission can be narrowed; none means all or nothing.
RESTRICTABLE_BY: dict[Permission, tuple[str, ...]] = {
    Permission.PROJECT_EDIT: ("Projects", "Tenants"),
    Permission.PROJECT_VIEW: ("Projects", "Tenants"),
    Permission.PROJECT_CREATE: ("ProjectGroups",),
    Permission.PROJECT_DELETE: ("Projects", "Tenants"),
    Permission.PROCESS_VIEW: ("Projects",),
    Permission.PROCESS_EDIT: ("Projects",),
    Permission.VARIABLE_EDIT: ("Projects", "Environments"),
    Permission.VARIABLE_EDIT_UNSCOPED: ("Projects",),
    Permission.VARIABLE_VIEW: ("Projects", "Environments"),
    Permission.VARIABLE_VIEW_UNSCOPED: ("Projects",),
    Permission.RELEASE_CREATE: ("Projects", "Tenants"),
    Permission.RELEASE_VIEW: ("Projects", "Tenants"),
    Permission.RELEASE_EDIT: ("Projects", "Tenants"),
    Permission.RELEASE_DELETE: ("Projects", "Tenants"),
    Permission.DEFECT_REPORT: ("Projects",),
    Permission.DEFECT_RESOLVE: ("Projects",),
    Permission.DEPLOYMENT_CREATE: ("Projects", "Environments", "Tenants"),
    Permission.DEPLOYMENT_DELETE: ("Projects", "Environments", "Tenants"),
    Permission.DEPLOYMENT_VIEW: ("Projects", "Environments", "Tenants"),
    Permission.ENVIRONMENT_VIEW: ("Environments",),
    Permission.ENVIRONMENT_CREATE: ("Environments",),
    Permission.ENVIRONMENT_EDIT: ("Environments",),
    Permission.ENVIRONMENT_DELETE: ("Environments",),
    Permission.MACHINE_CREATE: ("Environments", "Tenants"),
    Permission.MACHINE_EDIT: ("Environments", "Tenants"),
    Permission.MACHINE_VIEW: ("Environments", "Tenants"),
    Permission.MACHINE_DELETE: ("Environments", "Tenants"),
    Permission.ARTIFACT_VIEW: ("Projects", "Environments", "Tenants"),
    Permission.ARTIFACT_CREATE: ("Projects", "Environments", "Tenants"),
    Permission.ARTIFACT_EDIT: ("Projects", "Environments", "Tenants"),
    Permission.ARTIFACT_DELETE: ("Projects", "Environments", "Tenants"),
    Permission.EVENT_VIEW: ("Projects", "Environments", "Tenants"),
    Permission.PROJECT_GROUP_VIEW: ("ProjectGroups",),
    Permission.PROJECT_GROUP_CREATE: ("ProjectGroups",),
    Permission.PROJECT_GROUP_EDIT: ("ProjectGroups",),
    Permission.PROJECT_GROUP_DELETE: ("ProjectGroups",),
    Permission.TASK_VIEW: ("Projects", "Environments", "Tenants"),
    Permission.TASK_VIEW_LOG: ("Projects", "Environments", "Tenants"),
    Permission.TASK_CREATE: ("Projects", "Environments", "Tenants"),
    Permission.TASK_CANCEL: ("Projects", "Environments", "Tenants"),
    Permission.TASK_EDIT: ("Projects", "Environments", "Tenants"),
    Permission.INTERRUPTION_VIEW: ("Projects", "Environments", "Tenants"),
    Permission.INTERRUPTION_SUBMIT: ("Projects", "Environments", "Tenants"),
    Permission.INTERRUPTION_VIEW_SUBMIT_RESPONSIBLE: ("Projects", "Environments", "Tenants"),
    Permission.BUILT_IN_FEED_PUSH: ("Projects",),
    Permission.BUILT_IN_FEED_ADMINISTER: ("Projects",),
    Permission.BUILT_IN_FEED_DOWNLOAD: ("Projects",),
    Permission.ACCOUNT_VIEW: ("Environments",),
    Permission.ACCOUNT_EDIT: ("Environments",),
    Permission.ACCOUNT_CREATE: ("Environments",),
    Permission.ACCOUNT_DELETE: ("Environments",),
    Permission.TENANT_CREATE: ("Tenants",),
    Permission.TENANT_EDIT: ("Tenants",),
    Permission.TENANT_VIEW: ("Tenants",),
    Permission.TENANT_DELETE: ("Tenants",),
    Permission.TRIGGER_CREATE: ("Projects",),
    Permission.TRIGGER_VIEW: ("Projects",),
    Permission.TRIGGER_EDIT: ("Projects",),
    Permission.TRIGGER_DELETE: ("Projects",),
    Permission.CERTIFICATE_VIEW: ("Environments", "Tenants"),
    Permission.CERTIFICATE_EDIT: ("Environments", "Tenants"),
    Permission.CERTIFICATE_DELETE: ("Environments", "Tenants"),
    Permission.CERTIFICATE_EXPORT_PRIVATE_KEY: ("Environments", "Tenants"),
    Permission.RUNBOOK_VIEW: ("Projects",),
    Permission.RUNBOOK_EDIT: ("Projects",),
    Permission.RUNBOOK_SNAPSHOT_CREATE: ("Projects",),
    Permission.RUNBOOK_RUN_VIEW: ("Projects", "Environments", "Tenants"),
    Permission.RUNBOOK_RUN_DELETE: ("Projects", "Environments", "Tenants"),
    Permission.RUNBOOK_RUN_CREATE: ("Projects", "Environments", "Tenants"),
    Permission.AI_AGENT_TRANSCRIPT_VIEW: ("Projects", "Environments", "Tenants"),
    Permission.DEPLOYED_RESOURCE_ADMINISTER: ("Projects", "Environments", "Tenants"),
}

#: A grant of one of these that is narrowed to tenants does not cover what runs for no tenant.
NEEDS_EXPLICIT_TENANT: frozenset[Permission] = frozenset(
    {
        Permission.DEPLOYMENT_CREATE,
        Permission.DEPLOYMENT_DELETE,
        Permission.DEPLOYMENT_VIEW,
        Permission.ARTIFACT_VIEW,
        Permission.ARTIFACT_CREATE,
        Permission.ARTIFACT_EDIT,
        Permission.ARTIFACT_DELETE,
        Permission.EVENT_VIEW,
        Permission.INTERRUPTION_VIEW,
        Permission.INTERRUPTION_SUBMIT,
        Permission.INTERRUPTION_VIEW_SUBMIT_RESPONSIBLE,
        Permission.RUNBOOK_RUN_VIEW,
        Permission.RUNBOOK_RUN_DELETE,
        Permission.RUNBOOK_RUN_CREATE,
        Permission.AI_AGENT_TRANSCRIPT_VIEW,
        Permission.DEPLOYED_RESOURCE_ADMINISTER,
    }
)

#: Granted for the whole server only.
SYSTEM_LEVEL: frozenset[Permission] = frozenset(
    {
        Permission.ADMINISTER_SYSTEM,
        Permission.CONFIGURE_SERVER,
        Permission.EVENT_RETENTION_VIEW,
        Permission.EVENT_RETENTION_DELETE,
        Permission.SPACE_VIEW,
        Permission.SPACE_CREATE,
        Permission.SPACE_EDIT,
        Permission.SPACE_DELETE,
        Permission.USER_VIEW,
        Permission.USER_EDIT,
        Permission.USER_INVITE,
        Permission.USER_ROLE_VIEW,
        Permission.USER_ROLE_EDIT,
        Permission.TELEMETRY_VIEW,
        Permission.PLATFORM_HUB_VIEW,
        Permission.PLATFORM_HUB_EDIT,
        Permission.APPROVAL_POLICY_ADMINISTER,
        Permission.DEPLOYMENT_FREEZE_ADMINISTER,
    }
)

#: Granted for the server, for a space, or for both: there are teams, tasks and events of either.
BOTH_LEVELS: frozenset[Permission] = frozenset(
    {
        Permission.EVENT_VIEW,
        Permission.TEAM_VIEW,
        Permission.TEAM_CREATE,
        Permission.TEAM_EDIT,
        Permission.TEAM_DELETE,
        Permission.TASK_VIEW,
        Permission.TASK_VIEW_LOG,
        Permission.TASK_CREATE,
        Permission.TASK_CANCEL,
        Permission.TASK_EDIT,
    }
)


def applies_to_system(permission: Permission) -> bool:
    return permission in SYSTEM_LEVEL or permission in BOTH_LEVELS


def applies_to_space(permission: Permission) -> bool:
    return permission not in SYSTEM_LEVEL


_READING = ("View", "ViewUnscoped", "ViewLog", "Download", "ExportPrivateKey")


def is_reading(permission: Permission) -> bool:
    """Whether it gives a look at things only: then to reach one of the places that a thing is in is enough."""
    return permission.endswith(_READING)
