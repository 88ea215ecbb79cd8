"""The journal as one step sees it: what it installed here before, and the entry that it leaves."""

from __future__ import annotations

import os
from typing import List, Optional

from polpo.runner.journal import DeployedPackage, DeploymentJournal, JournalEntry, installed_on
from polpo.runner.packages import PackageName
from polpo.runner.step import Step

_PREVIOUS = (("PreviousInstallation", False), ("PreviousSuccessfulInstallation", True))


class History:
    """Without an agent there is no journal (`TentacleJournal` is not set), and nothing is known or kept."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._policy_set = step.variables.get("OctopusRetentionPolicySet") or ""
        path = step.variables.get("env:TentacleJournal")
        self._journal = DeploymentJournal(path, step.output, step.now) if path else None

    def contribute(self) -> None:
        """Set the variables that tell scripts of the previous installation; they are empty when there was none."""
        if self._journal is None or not self._policy_set:
            return
        for name, successful in _PREVIOUS:
            entry = self._journal.latest(self._policy_set, successful=successful)
            package = entry.packages[0] if entry and entry.packages else DeployedPackage("", "")
            for key, value in (
                ("OriginalInstalledPath", entry.extracted_to if entry else ""),
                ("CustomInstallationDirectory", entry.custom_installation_directory if entry else ""),
                ("PackageFilePath", package.deployed_from),
                ("PackageVersion", package.version),
            ):
                self._step.variables.set(f"Octopus.Tentacle.{name}.{key}", value)

    def latest_of(self, name: PackageName) -> Optional[JournalEntry]:
        if self._journal is None:
            return None
        return self._journal.latest(self._policy_set, DeployedPackage(name.package_id, name.version))

    def record(self, extracted_to: str, package: str, name: PackageName, *, successful: bool) -> None:
        if self._journal is None:
            return
        variables = self._step.variables
        custom = variables.get("Octopus.Action.Package.CustomInstallationDirectory") or ""
        self._journal.add(
            JournalEntry(
                id=os.urandom(16).hex(),
                environment_id=variables.get("Octopus.Environment.Id") or "",
                tenant_id=variables.get("Octopus.Deployment.Tenant.Id") or "",
                project_id=variables.get("Octopus.Project.Id") or "",
                retention_policy_set=self._policy_set,
                installed_on=installed_on(self._step.now()),
                extracted_to=extracted_to,
                custom_installation_directory=custom,
                was_successful=successful,
                packages=[DeployedPackage(name.package_id, name.version, package), *self._referenced()],
            )
        )

    def _referenced(self) -> List[DeployedPackage]:
        found: List[DeployedPackage] = []
        variables = self._step.variables
        for reference in filter(None, variables.package_references()):
            prefix = f"Octopus.Action.Package[{reference}]"
            package_id, version = variables.get(f"{prefix}.PackageId"), variables.get(f"{prefix}.PackageVersion")
            if package_id and version:
                found.append(DeployedPackage(package_id, version, variables.get(f"{prefix}.OriginalPath") or ""))
        return found
