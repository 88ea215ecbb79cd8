"""Which version of the agent a machine has, and whether this server brings a newer one."""

from __future__ import annotations

from polpo.features.machines.resource import Machine, TentacleVersionDetails
from polpo.languages.versions import VersionFormat, try_parse_version
from polpo.version import __version__

#: In a machine as it is stored; in a text of its user, the quotes would be escaped.
SUGGESTED = b'"UpgradeSuggested":true'


def version_details(version: str, *, is_ours: bool) -> TentacleVersionDetails:
    """What a check found. An agent that is not ours is locked: it has an installer of its own."""
    suggested = is_ours and is_older(version, __version__)
    return TentacleVersionDetails(version=version, upgrade_locked=not is_ours, upgrade_suggested=suggested)


def is_older(version: str, than: str) -> bool:
    """False for what is no version: of that, nothing is known."""
    ours, theirs = (try_parse_version(text, VersionFormat.SEMVER) for text in (version, than))
    return ours is not None and theirs is not None and ours < theirs


def is_outdated(machine: Machine) -> bool:
    """Whether the agent is ours and older than this server's."""
    details = machine.endpoint.tentacle_version_details
    return (
        machine.endpoint.is_tentacle
        and details is not None
        and not details.upgrade_locked
        and is_older(details.version or "", __version__)
    )
