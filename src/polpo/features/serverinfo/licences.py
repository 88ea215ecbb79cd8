"""The licence documents that clients read: this server is free software, and nothing in it is limited."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Literal

from polpo.engine import Engine
from polpo.features.serverinfo.diagnostics import count_documents
from polpo.rest.call import Call
from polpo.rest.links import register
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Document, Resource

routes = Routes("licences", scope="system")

_NEVER = datetime(9999, 12, 31, tzinfo=UTC)
_UNLIMITED = 2147483647
_SUMMARY = "Polpo is free software: it needs no licence, and nothing is limited."
_CURRENT = "/api/licenses/licenses-current"


class License(Document):
    license_text: str = ""
    serial_number: str = ""


class LicenseLimitStatus(Resource):
    name: str
    current_usage: int
    effective_limit: int = _UNLIMITED
    licensed_limit: int = _UNLIMITED
    effective_limit_description: str = "unlimited"
    license_limit_description: str = "unlimited"
    is_unlimited: bool = True
    disposition: Literal["Information", "Warning", "Error"] = "Information"
    message: str = ""


class LicenseMessage(Resource):
    disposition: Literal["Information", "Warning", "Error"]
    message: str


class LicenseStatus(Document):
    compliance_summary: str = _SUMMARY
    is_compliant: bool = True
    effective_expiry_date: datetime = _NEVER
    days_to_effective_expiry_date: int = _UNLIMITED
    does_expiry_block_key_activities: bool = False
    effective_cluster_task_limit: int = _UNLIMITED
    effective_node_task_limit: int = _UNLIMITED
    is_cluster_task_limit_controlled_by_license: bool = False
    is_node_task_limit_controlled_by_license: bool = False
    hosting_environment: Literal["SelfHosted"] = "SelfHosted"
    license_kind: Literal["CommunityEdition"] = "CommunityEdition"
    permissions_mode: Literal["Full"] = "Full"
    limits: list[LicenseLimitStatus] = []
    messages: list[LicenseMessage] = []


register(License, {"Self": _CURRENT})
register(LicenseStatus, {"Self": _CURRENT + "-status"})


@routes.get("/licenses/licenses-current", "signed in")
def current_licence(_call: Call) -> License:
    """Get the licence, which is empty: none is needed"""
    return License(id="licenses-current")


@routes.put("/licenses/licenses-current", Permission.CONFIGURE_SERVER)
def replace_licence(_call: Call, body: License) -> License:
    """Take a licence as set-up scripts send it, and forget it: none is needed"""
    return License(id="licenses-current")


@routes.get("/licenses/licenses-current-status", "signed in")
def licence_status(call: Call) -> LicenseStatus:
    """Say that nothing is limited, and how much of what others limit there is"""
    counted = count_documents(call.session)
    usage = {
        "Projects": counted.project.projects,
        "Machines": counted.infrastructure.deployment_targets,
        "Tenants": counted.infrastructure.tenants,
        "Spaces": counted.global_.spaces,
        "Users": counted.global_.users,
    }
    return LicenseStatus(
        id="licenses-current-status",
        effective_node_task_limit=call.parts.get(Engine).cap,
        limits=[LicenseLimitStatus(name=name, current_usage=number) for name, number in usage.items()],
    )
