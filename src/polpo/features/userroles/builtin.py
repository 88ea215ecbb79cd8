"""The roles that every server has, as a table: id, name, what it is for, and the permissions at either level."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from polpo.rest.permissions import Permission, applies_to_space, applies_to_system

SYSTEM_ADMINISTRATOR = "userroles-systemadministrator"
SYSTEM_MANAGER = "userroles-systemmanager"
SPACE_MANAGER = "userroles-spacemanager"

#: What they grant is not to be changed: without them nobody could put things right again.
FIXED = frozenset({SYSTEM_ADMINISTRATOR, SPACE_MANAGER})


@dataclass(frozen=True)
class BuiltInRole:
    name: str
    description: str
    space: str = ""
    system: str = ""

    @property
    def id(self) -> str:
        return "userroles-" + self.name.replace(" ", "").lower()


def permissions_of(text: str) -> list[str]:
    """The permissions that a table's text names, each once, in the order of the vocabulary."""
    named = {Permission(word) for word in text.split()}
    return [permission.value for permission in Permission if permission in named]


def _every(applies: Callable[[Permission], bool]) -> str:
    return " ".join(permission for permission in Permission if applies(permission))


_PROJECT_SYSTEM = "TeamView UserView UserRoleView"

_PROJECT_VIEWER = """
    ReleaseView ProjectView DeploymentView ProcessView EnvironmentView ArtifactView EventView ProjectGroupView
    LibraryVariableSetView TeamView TaskView InterruptionView LifecycleView MachinePolicyView TenantView TriggerView
    CertificateView RunbookView RunbookRunView
"""
_PROJECT_CONTRIBUTOR = f"""{_PROJECT_VIEWER}
    ArtifactCreate ActionTemplateView ActionTemplateCreate ActionTemplateEdit ActionTemplateDelete ProcessEdit
    ProjectEdit FeedView LibraryVariableSetCreate LibraryVariableSetEdit LibraryVariableSetDelete TaskCreate
    InterruptionViewSubmitResponsible MachineView DefectReport DefectResolve VariableView VariableEdit TriggerCreate
    TriggerEdit TriggerDelete RunbookEdit
"""
_ENVIRONMENT_VIEWER = """
    EnvironmentView MachineView TaskView TeamView AccountView MachinePolicyView CertificateView ProxyView WorkerView
"""
_RUNBOOK_CONSUMER = """
    ProjectView EnvironmentView ArtifactView EventView ProjectGroupView LibraryVariableSetView TeamView FeedView
    TaskView InterruptionView MachinePolicyView TenantView TriggerView CertificateView MachineView RunbookView
    RunbookRunView RunbookRunCreate
"""
_PACKAGE_PUBLISHER = """
    BuiltInFeedAdminister BuiltInFeedDownload BuiltInFeedPush FeedView BuildInformationPush BuildInformationAdminister
"""

BUILT_IN_ROLES: tuple[BuiltInRole, ...] = (
    BuiltInRole(
        "Build Server",
        "Pushes packages, and creates releases, deployments and runbook runs.",
        f"""{_PACKAGE_PUBLISHER} DeploymentCreate DeploymentView EnvironmentView LibraryVariableSetView LifecycleView
        ProcessView ProjectView ReleaseCreate ReleaseView TaskView TenantView RunbookView RunbookEdit RunbookRunView
        RunbookRunCreate""",
    ),
    BuiltInRole(
        "Certificate Manager",
        "Manages certificates, private keys included.",
        """CertificateView CertificateCreate CertificateEdit CertificateDelete CertificateExportPrivateKey
        EnvironmentView TenantView""",
    ),
    BuiltInRole(
        "Deployment Creator",
        "Deploys releases and runs runbooks.",
        """DeploymentCreate DeploymentView EnvironmentView LifecycleView ProcessView ProjectView ReleaseView TaskView
        TenantView LibraryVariableSetView RunbookView RunbookRunView RunbookRunCreate""",
    ),
    BuiltInRole(
        "Environment Manager",
        "Manages environments, their targets, accounts, workers, proxies and machine policies.",
        f"""{_ENVIRONMENT_VIEWER} EnvironmentCreate EnvironmentEdit EnvironmentDelete MachineCreate MachineEdit
        MachineDelete TaskCreate TaskCancel AccountCreate AccountEdit AccountDelete ProxyCreate ProxyEdit ProxyDelete
        MachinePolicyCreate MachinePolicyEdit MachinePolicyDelete WorkerEdit""",
        "TeamView",
    ),
    BuiltInRole(
        "Environment Viewer",
        "Sees environments and their targets.",
        _ENVIRONMENT_VIEWER,
        "TeamView",
    ),
    BuiltInRole(
        "Insights Report Manager",
        "Manages reports about deployments.",
        """InsightsReportView InsightsReportCreate InsightsReportEdit InsightsReportDelete EnvironmentView ProcessView
        ProjectGroupView ProjectView TenantView""",
    ),
    BuiltInRole("Package Publisher", "Pushes packages and build information, and nothing else.", _PACKAGE_PUBLISHER),
    BuiltInRole(
        "Project Contributor",
        "Sees projects, and edits their process, variables, triggers and runbooks; does not release or deploy.",
        _PROJECT_CONTRIBUTOR,
        _PROJECT_SYSTEM,
    ),
    BuiltInRole(
        "Project Deployer",
        "A project contributor who also deploys; does not create releases.",
        f"{_PROJECT_CONTRIBUTOR} DeploymentCreate InterruptionSubmit TaskCancel RunbookRunCreate",
        _PROJECT_SYSTEM,
    ),
    BuiltInRole(
        "Project Initiator",
        "A project viewer who also creates, edits and deletes projects.",
        f"{_PROJECT_VIEWER} ProjectCreate ProjectEdit ProjectDelete DefectReport DefectResolve",
        _PROJECT_SYSTEM,
    ),
    BuiltInRole(
        "Project Lead",
        "A project contributor who also creates releases; does not deploy.",
        f"{_PROJECT_CONTRIBUTOR} ReleaseCreate ReleaseEdit ReleaseDelete ArtifactEdit ArtifactDelete",
        _PROJECT_SYSTEM,
    ),
    BuiltInRole(
        "Project Viewer",
        "Sees projects, releases and deployments; changes nothing.",
        _PROJECT_VIEWER,
        _PROJECT_SYSTEM,
    ),
    BuiltInRole(
        "Release Creator",
        "Creates releases.",
        "EnvironmentView FeedView ProcessView ProjectView ReleaseCreate ReleaseView RunbookView RunbookEdit",
    ),
    BuiltInRole("Runbook Consumer", "Sees runbooks and runs them.", _RUNBOOK_CONSUMER),
    BuiltInRole(
        "Runbook Producer",
        "Makes runbooks and runs them.",
        f"""{_RUNBOOK_CONSUMER} ProjectCreate ProjectEdit ProjectDelete LifecycleView ActionTemplateView
        ActionTemplateCreate ActionTemplateEdit ActionTemplateDelete LibraryVariableSetCreate LibraryVariableSetEdit
        LibraryVariableSetDelete TaskCreate TaskCancel InterruptionViewSubmitResponsible VariableView VariableEdit
        TriggerCreate TriggerDelete TriggerEdit RunbookEdit RunbookRunDelete ArtifactCreate ArtifactEdit ArtifactDelete
        InterruptionSubmit""",
    ),
    BuiltInRole("Space Manager", "Does everything inside a space.", _every(applies_to_space), _PROJECT_SYSTEM),
    BuiltInRole("System Administrator", "Does everything at the system level.", "", _every(applies_to_system)),
    BuiltInRole(
        "System Manager",
        "Does everything at the system level but what is kept for system administrators.",
        "",
        " ".join(word for word in _every(applies_to_system).split() if word != "AdministerSystem"),
    ),
    BuiltInRole("Tenant Manager", "Manages tenants.", "TenantCreate TenantEdit TenantDelete TenantView"),
)
