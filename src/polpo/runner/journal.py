"""What was installed on this target and when: the deployment journal, an XML file in the agent's home.

It is what "already installed" and retention go by. Old entries keep the package in attributes of their own, and an
entry without `WasSuccessful` was successful.
"""

from __future__ import annotations

import os
import time
import xml.etree.ElementTree as ET
from contextlib import AbstractContextManager
from typing import Callable, Iterable, Iterator, List, NamedTuple, Optional

from polpo.runner.errors import RunnerError
from polpo.runner.locking import exclusive
from polpo.runner.output import Output

TIME_FORMAT = "%Y-%m-%d %H:%M:%S"


class DeployedPackage(NamedTuple):
    package_id: str
    version: str
    #: The package file it was unpacked from.
    deployed_from: str = ""


class JournalEntry(NamedTuple):
    id: str
    environment_id: str
    tenant_id: str
    project_id: str
    #: What retention counts together: the same step of the same project, environment, tenant and target.
    retention_policy_set: str
    #: UTC, `2024-05-17 10:30:00`.
    installed_on: str
    extracted_to: str
    custom_installation_directory: str
    was_successful: bool
    packages: List[DeployedPackage]


def installed_on(now: float) -> str:
    return time.strftime(TIME_FORMAT, time.gmtime(now))


class DeploymentJournal:
    """Reads and writes under a lock that all runners on the machine share; the file is replaced, never half written."""

    def __init__(self, path: str, output: Output, now: Callable[[], float]) -> None:
        self._path = path
        self._output = output
        self._now = now

    def entries(self) -> List[JournalEntry]:
        with self._locked():
            return [_entry(element) for element in self._read()]

    def add(self, entry: JournalEntry) -> None:
        with self._locked():
            elements = self._read()
            elements.append(_element(entry))
            self._write(elements)

    def remove(self, identities: Iterable[str]) -> None:
        gone = set(identities)
        if gone:
            with self._locked():
                self._write([element for element in self._read() if element.get("Id", "") not in gone])

    def latest(
        self, policy_set: str, package: Optional[DeployedPackage] = None, *, successful: bool = False
    ) -> Optional[JournalEntry]:
        """The newest entry of the set, of any package or of this id and version."""
        fitting = [
            entry
            for entry in self.entries()
            if entry.retention_policy_set.lower() == policy_set.lower()
            and (entry.was_successful or not successful)
            and (package is None or any(_same(package, one) for one in entry.packages))
        ]
        # Of entries of the same second the one written last is the newer one.
        return max(reversed(fitting), key=lambda entry: entry.installed_on, default=None)

    def _locked(self) -> AbstractContextManager[None]:
        os.makedirs(os.path.dirname(os.path.abspath(self._path)), exist_ok=True)
        return exclusive(f"{self._path}.lock", "the deployment journal", self._output)

    def _read(self) -> List[ET.Element]:
        try:
            return list(ET.parse(self._path).getroot())  # noqa: S314 - the agent's own file
        except FileNotFoundError:
            return []
        except OSError as error:
            raise RunnerError(f"The deployment journal {self._path} cannot be read: {error.strerror}.") from error
        except ET.ParseError as error:
            kept = f"{self._path}.unreadable-{time.strftime('%Y%m%d%H%M%S', time.gmtime(self._now()))}"
            os.replace(self._path, kept)
            self._output.warning(
                f"The deployment journal {self._path} is no XML any more ({error}). It is kept as {kept} and begun "
                f"anew; what was installed before is not known to retention."
            )
            return []

    def _write(self, elements: List[ET.Element]) -> None:
        root = ET.Element("Deployments")
        root.extend(elements)
        _indent(root)
        temporary = f"{self._path}.temp-{os.getpid()}.xml"
        try:
            with open(temporary, "wb") as target:
                ET.ElementTree(root).write(target, encoding="utf-8", xml_declaration=True)
                target.flush()
                os.fsync(target.fileno())
            os.replace(temporary, self._path)
        except OSError as error:
            raise RunnerError(
                f"The deployment journal {self._path} cannot be written: {error.strerror}. The deployment itself is "
                f"done, but retention will not know of it."
            ) from error


def _indent(root: ET.Element) -> None:
    """One deployment a line, its packages below: people read this file."""
    root.text = "\n  "
    for deployment in root:
        deployment.tail = "\n  "
        if len(deployment):
            deployment.text = "\n    "
            for package in deployment:
                package.tail = "\n    "
            deployment[-1].tail = "\n  "
    if len(root):
        root[-1].tail = "\n"


def _same(wanted: DeployedPackage, found: DeployedPackage) -> bool:
    return wanted[:2] == found[:2] or (
        wanted.package_id.lower() == found.package_id.lower() and wanted.version.lower() == found.version.lower()
    )


def _entry(element: ET.Element) -> JournalEntry:
    return JournalEntry(
        id=element.get("Id", ""),
        environment_id=element.get("EnvironmentId", ""),
        tenant_id=element.get("TenantId", ""),
        project_id=element.get("ProjectId", ""),
        retention_policy_set=element.get("RetentionPolicySet", ""),
        installed_on=element.get("InstalledOn", ""),
        extracted_to=element.get("ExtractedTo", ""),
        custom_installation_directory=element.get("CustomInstallationDirectory", ""),
        was_successful=element.get("WasSuccessful", "True").strip().lower() != "false",
        packages=list(_packages(element)),
    )


def _packages(element: ET.Element) -> Iterator[DeployedPackage]:
    for package in element.iter("Package"):
        yield DeployedPackage(
            package.get("PackageId", ""), package.get("PackageVersion", ""), package.get("DeployedFrom", "")
        )
    if not len(element) and element.get("PackageId"):
        yield DeployedPackage(
            element.get("PackageId", ""), element.get("PackageVersion", ""), element.get("ExtractedFrom", "")
        )


def _element(entry: JournalEntry) -> ET.Element:
    element = ET.Element(
        "Deployment",
        {
            "Id": entry.id,
            "EnvironmentId": entry.environment_id,
            "TenantId": entry.tenant_id,
            "ProjectId": entry.project_id,
            "InstalledOn": entry.installed_on,
            "RetentionPolicySet": entry.retention_policy_set,
            "ExtractedTo": entry.extracted_to,
            "CustomInstallationDirectory": entry.custom_installation_directory,
            "WasSuccessful": str(entry.was_successful),
        },
    )
    for package in entry.packages:
        attributes = {"PackageId": package.package_id, "PackageVersion": package.version}
        if package.deployed_from:
            attributes["DeployedFrom"] = package.deployed_from
        ET.SubElement(element, "Package", attributes)
    return element
