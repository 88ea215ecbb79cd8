"""The roles that every server has, against what the original's manual says of them (default permissions of roles)."""

from __future__ import annotations

import pytest

from polpo.features.userroles.builtin import BUILT_IN_ROLES, permissions_of
from polpo.rest.permissions import Permission, applies_to_space, applies_to_system

VIEWER = """
    ReleaseView ProjectView DeploymentView ProcessView EnvironmentView ArtifactView EventView ProjectGroupView
    LibraryVariableSetView TeamView TaskView InterruptionView LifecycleView MachinePolicyView TenantView TriggerView
    CertificateView RunbookView RunbookRunView
"""
CONTRIBUTOR = """
    ArtifactCreate ActionTemplateView ActionTemplateCreate ActionTemplateEdit ActionTemplateDelete ProcessEdit
    ProjectEdit FeedView LibraryVariableSetCreate LibraryVariableSetEdit LibraryVariableSetDelete TaskCreate
    InterruptionViewSubmitResponsible MachineView DefectReport DefectResolve VariableView VariableEdit TriggerCreate
    TriggerDelete TriggerEdit RunbookView RunbookEdit ReleaseView ProjectView DeploymentView ProcessView
    EnvironmentView ArtifactView EventView ProjectGroupView LibraryVariableSetView TeamView TaskView InterruptionView
    LifecycleView MachinePolicyView TenantView TriggerView CertificateView RunbookRunView
"""
PEOPLE = "TeamView UserView UserRoleView"
SEES_PLACES = """
    EnvironmentView MachineView TaskView TeamView AccountView MachinePolicyView CertificateView ProxyView WorkerView
"""
RUNS = """
    ProjectView EnvironmentView ArtifactView EventView ProjectGroupView LibraryVariableSetView TeamView FeedView
    TaskView InterruptionView MachinePolicyView TenantView TriggerView CertificateView MachineView RunbookView
    RunbookRunView RunbookRunCreate
"""

#: Role, permissions in its space, permissions at the level of the server.
TABLE = [
    (
        "Build Server",
        """BuiltInFeedAdminister BuiltInFeedDownload BuiltInFeedPush DeploymentCreate DeploymentView EnvironmentView
        FeedView LibraryVariableSetView LifecycleView BuildInformationPush BuildInformationAdminister ProcessView
        ProjectView ReleaseCreate ReleaseView TaskView TenantView RunbookView RunbookEdit RunbookRunView
        RunbookRunCreate""",
        "",
    ),
    (
        "Certificate Manager",
        """CertificateView CertificateCreate CertificateEdit CertificateDelete CertificateExportPrivateKey
        EnvironmentView TenantView""",
        "",
    ),
    (
        "Deployment Creator",
        """DeploymentCreate DeploymentView EnvironmentView LifecycleView ProcessView ProjectView ReleaseView TaskView
        TenantView LibraryVariableSetView RunbookView RunbookRunView RunbookRunCreate""",
        "",
    ),
    (
        "Environment Manager",
        f"""EnvironmentCreate EnvironmentEdit EnvironmentDelete MachineCreate MachineEdit MachineDelete TaskCreate
        TaskCancel AccountCreate AccountEdit AccountDelete ProxyCreate ProxyEdit ProxyDelete MachinePolicyCreate
        MachinePolicyEdit MachinePolicyDelete WorkerEdit {SEES_PLACES}""",
        "TeamView",
    ),
    ("Environment Viewer", SEES_PLACES, "TeamView"),
    (
        "Insights Report Manager",
        """InsightsReportView InsightsReportCreate InsightsReportEdit InsightsReportDelete EnvironmentView ProcessView
        ProjectGroupView ProjectView TenantView""",
        "",
    ),
    (
        "Package Publisher",
        """BuiltInFeedAdminister BuiltInFeedDownload BuiltInFeedPush FeedView BuildInformationPush
        BuildInformationAdminister""",
        "",
    ),
    ("Project Contributor", CONTRIBUTOR, PEOPLE),
    ("Project Deployer", f"DeploymentCreate InterruptionSubmit TaskCancel RunbookRunCreate {CONTRIBUTOR}", PEOPLE),
    ("Project Initiator", f"ProjectCreate ProjectEdit ProjectDelete DefectReport DefectResolve {VIEWER}", PEOPLE),
    ("Project Lead", f"ReleaseCreate ReleaseEdit ReleaseDelete ArtifactEdit ArtifactDelete {CONTRIBUTOR}", PEOPLE),
    ("Project Viewer", VIEWER, PEOPLE),
    (
        "Release Creator",
        "EnvironmentView FeedView ProcessView ProjectView ReleaseCreate ReleaseView RunbookView RunbookEdit",
        "",
    ),
    ("Runbook Consumer", RUNS, ""),
    (
        "Runbook Producer",
        f"""ProjectCreate ProjectEdit ProjectDelete LifecycleView ActionTemplateView ActionTemplateCreate
        ActionTemplateEdit ActionTemplateDelete LibraryVariableSetCreate LibraryVariableSetEdit
        LibraryVariableSetDelete TaskCreate TaskCancel InterruptionViewSubmitResponsible VariableView VariableEdit
        TriggerCreate TriggerDelete TriggerEdit RunbookEdit RunbookRunDelete ArtifactCreate ArtifactEdit
        ArtifactDelete InterruptionSubmit {RUNS}""",
        "",
    ),
    ("Tenant Manager", "TenantCreate TenantEdit TenantDelete TenantView", ""),
]
#: The three at the top have all that there is; the manual's lists are older than some permissions.
SYSTEM = """
    ConfigureServer EventRetentionDelete EventRetentionView EventView TeamCreate TeamView TeamEdit TeamDelete TaskView
    TaskCreate TaskCancel TaskEdit SpaceView SpaceEdit SpaceCreate SpaceDelete UserView UserInvite UserRoleView
    UserRoleEdit UserEdit
"""

ROLES = {role.name: role for role in BUILT_IN_ROLES}


@pytest.mark.parametrize(("name", "space", "system"), TABLE, ids=[row[0] for row in TABLE])
def test_a_built_in_role_grants_what_the_manual_says(name: str, space: str, system: str) -> None:
    role = ROLES[name]
    assert set(permissions_of(role.space)) == set(space.split())
    assert set(permissions_of(role.system)) == set(system.split())


def test_the_roles_at_the_top_have_all_of_their_level() -> None:
    every_system = {permission.value for permission in Permission if applies_to_system(permission)}
    every_space = {permission.value for permission in Permission if applies_to_space(permission)}
    assert set(SYSTEM.split()) < every_system
    assert set(permissions_of(ROLES["System Administrator"].system)) == every_system
    assert set(permissions_of(ROLES["System Manager"].system)) == every_system - {"AdministerSystem"}
    assert set(permissions_of(ROLES["Space Manager"].space)) == every_space
    assert set(permissions_of(ROLES["Space Manager"].system)) == set(PEOPLE.split())
    assert not ROLES["System Administrator"].space
    assert not ROLES["System Manager"].space


def test_there_are_no_other_built_in_roles() -> None:
    assert set(ROLES) == {row[0] for row in TABLE} | {"Space Manager", "System Administrator", "System Manager"}
