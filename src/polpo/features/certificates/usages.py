"""Who uses a certificate."""

from __future__ import annotations

import sqlalchemy as sa

from polpo.features.certificates.resource import Certificate
from polpo.features.machines.resource import MACHINES, DeploymentTarget
from polpo.features.processes.usages import (
    owners_of_variables_naming,
    tenants_naming,
    visible_owners,
    visible_tenants,
)
from polpo.features.projects.resource import Project
from polpo.rest.call import Call
from polpo.rest.links import present, register
from polpo.rest.permissions import Permission
from polpo.store.documents import Document
from polpo.store.kinds import reference

_TARGETS = Permission.MACHINE_VIEW


class CertificateUsage(Document):
    """Where the certificate is used now. Snapshots of releases and runbooks are not searched."""

    space_id: str = ""
    certificate_id: str = ""
    deployment_target_usages: list[DeploymentTarget] = []
    project_usages: list[Project] = []
    library_variable_set_usages: list[object] = []
    tenant_usages: list[object] = []


register(
    CertificateUsage,
    {
        "Self": "/api/{SpaceId}/certificates/{CertificateId}/usages",
        "Certificate": "/api/{SpaceId}/certificates/{CertificateId}",
    },
)


def usages_of(call: Call, certificate: Certificate) -> CertificateUsage:
    """As far as the caller may see who uses it."""
    session = call.session
    naming = owners_of_variables_naming(session, certificate.space_id, certificate.id)
    owners = [present(owner) for owner in visible_owners(call, naming)]
    used_by = sa.select(reference.c.from_id).where(reference.c.to_id == certificate.id)
    targets = session.all(MACHINES, MACHINES.table.c.id.in_(used_by))
    return CertificateUsage(
        id=f"{certificate.id}-usages",
        space_id=certificate.space_id,
        certificate_id=certificate.id,
        deployment_target_usages=[present(target) for target in call.reached(MACHINES, targets, _TARGETS)],
        project_usages=[owner for owner in owners if isinstance(owner, Project)],
        tenant_usages=_tenants(call, certificate),
        library_variable_set_usages=[owner for owner in owners if not isinstance(owner, Project)],
    )


def _tenants(call: Call, certificate: Certificate) -> list[object]:
    naming = visible_tenants(call, tenants_naming(call.session, certificate.space_id, certificate.id))
    found = {one.tenant.id: one.tenant for one in naming}
    return [present(tenant) for tenant in found.values()]
