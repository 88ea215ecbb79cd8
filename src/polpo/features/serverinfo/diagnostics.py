"""What helps to find out what is wrong: counts of documents, the server's own log, and a report to send along."""

from __future__ import annotations

import io
import platform
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from polpo.engine import Engine
from polpo.features.configuration.sections import ALL
from polpo.features.configuration.service import read_section
from polpo.kernel.clock import iso
from polpo.kernel.logs import RecentLine, recent_lines
from polpo.rest.answers import Reply, attachment
from polpo.rest.call import Call
from polpo.rest.links import present
from polpo.rest.permissions import Permission
from polpo.rest.routes import Routes
from polpo.store.documents import Resource
from polpo.store.kinds import kinds
from polpo.store.session import Session
from polpo.version import API_VERSION, CONTRACT_VERSION, __version__

routes = Routes("diagnostics", scope="system")

_ADMINISTER = Permission.ADMINISTER_SYSTEM
_CATEGORIES = {"debug": "Verbose", "info": "Info", "warning": "Warning", "error": "Error", "critical": "Fatal"}


@dataclass(frozen=True)
class ShownSettings:
    """What the server was started with, as far as it is no secret."""

    values: Mapping[str, str] = field(default_factory=dict)


class GlobalDocumentCounts(Resource):
    spaces: int
    teams: int
    users: int


class InfrastructureDocumentCounts(Resource):
    deployment_targets: int
    environments: int
    tenants: int
    worker_pools: int
    workers: int


class LibraryDocumentCounts(Resource):
    certificates: int
    packages: int
    variable_sets: int


class ProjectDocumentCounts(Resource):
    deployments: int
    projects: int
    releases: int
    runbook_runs: int
    runbooks: int


class DocumentCounts(Resource):
    global_: GlobalDocumentCounts = msgspec.field(name="Global")
    infrastructure: InfrastructureDocumentCounts
    library: LibraryDocumentCounts
    project: ProjectDocumentCounts


class LogEntry(Resource):
    number: int
    occurred_at: datetime
    category: str
    message_text: str
    detail: str | None


class ServerConfigurationSettingsValue(Resource):
    key: str
    value: str
    description: str = ""


class ServerConfigurationSettingsSet(Resource):
    id: str
    configuration_set: str
    configuration_values: list[ServerConfigurationSettingsValue]
    links: dict[str, str] = {}


@routes.get("/serverstatus/counts", "signed in")
def counts(call: Call) -> DocumentCounts:
    """Count the documents of the whole server"""
    return count_documents(call.session)


@routes.get("/serverstatus/logs", _ADMINISTER, query=("skip", "take", "includeDetail"))
def logs(call: Call) -> list[LogEntry]:
    """Get the last lines of the server's log, newest first"""
    paging, detail = call.paging, call.flag("includeDetail")
    lines = recent_lines.newest_first()[paging.skip : paging.skip + paging.take]
    return [_entry(line, detail=detail) for line in lines]


@routes.get("/serverstatus/system-report", _ADMINISTER)
def system_report(call: Call) -> Reply:
    """Download what somebody who helps needs to know, as a zip; it holds no secrets"""
    name = f"polpo-report-{call.clock.now():%Y%m%d-%H%M%S}.zip"
    headers = attachment(name)
    return Reply(_zipped(_report(call)), 200, headers, "application/zip")


@routes.get("/serverconfiguration/settings", Permission.CONFIGURE_SERVER)
def settings(call: Call) -> list[ServerConfigurationSettingsSet]:
    """Show what the server was started with, without secrets"""
    values = call.parts.get(ShownSettings).values
    shown = [ServerConfigurationSettingsValue(key=key, value=value) for key, value in values.items()]
    return [ServerConfigurationSettingsSet(id="server", configuration_set="Server", configuration_values=shown)]


def count_documents(session: Session) -> DocumentCounts:
    def count(kind: str) -> int:
        """Nothing of a kind that this server does not have."""
        return session.count(kinds[kind]) if kind in kinds else 0

    return DocumentCounts(
        global_=GlobalDocumentCounts(spaces=count("Spaces"), teams=count("Teams"), users=count("Users")),
        infrastructure=InfrastructureDocumentCounts(
            deployment_targets=count("Machines"),
            environments=count("Environments"),
            tenants=count("Tenants"),
            worker_pools=count("WorkerPools"),
            workers=count("Workers"),
        ),
        library=LibraryDocumentCounts(
            certificates=count("Certificates"), packages=count("Packages"), variable_sets=count("LibraryVariableSets")
        ),
        project=ProjectDocumentCounts(
            deployments=count("Deployments"),
            projects=count("Projects"),
            releases=count("Releases"),
            runbook_runs=count("RunbookRuns"),
            runbooks=count("Runbooks"),
        ),
    )


def _report(call: Call) -> dict[str, bytes]:
    session, engine = call.session, call.parts.get(Engine)
    versions = {
        "Polpo": __version__,
        "Contract": CONTRACT_VERSION,
        "Api": API_VERSION,
        "Python": platform.python_version(),
        "System": platform.platform(),
        "Node": engine.name,
        "MadeAt": iso(call.clock.now()),
    }
    sections = {section.id: present(read_section(session, section)) for section in ALL.values()}
    tasks = {state.value: number for state, number in engine.counts(session).items()}
    return {
        "versions.json": _json(versions),
        "settings.json": _json(dict(call.parts.get(ShownSettings).values)),
        "configuration.json": _json(sections),
        "documents.json": _json(count_documents(session)),
        "tasks.json": _json({"ByState": tasks, "MaxConcurrentTasks": engine.cap, "IsDraining": engine.is_draining}),
        "log.txt": "".join(_line(line) for line in reversed(recent_lines.newest_first())).encode("utf-8", "replace"),
    }


def _zipped(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def _json(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value), indent=2)


def _line(line: RecentLine) -> str:
    detail = "".join(f"    {row}\n" for row in line.detail.splitlines())
    return f"{iso(line.at)} {line.level:<8} {line.text}\n{detail}"


def _entry(line: RecentLine, *, detail: bool) -> LogEntry:
    return LogEntry(
        number=line.number,
        occurred_at=line.at,
        category=_CATEGORIES.get(line.level, "Info"),
        message_text=line.text,
        detail=line.detail if detail and line.detail else None,
    )
