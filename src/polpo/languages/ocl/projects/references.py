"""How files name what lives outside of them: by slug, where the REST API has ids."""

from __future__ import annotations

from typing import Protocol

ACCOUNTS = "Accounts"
ACTIONS = "Actions"
"""An action of the project by its id, as scopes of variables have it."""
ACTION_NAMES = "ActionNames"
"""An action of the project by its name, as channels and versioning strategies have it."""
CERTIFICATES = "Certificates"
CHANNELS = "Channels"
ENVIRONMENTS = "Environments"
FEEDS = "Feeds"
GIT_CREDENTIALS = "GitCredentials"
LIFECYCLES = "Lifecycles"
MACHINES = "Machines"
PROCESSES = "Processes"
"""What a variable's `ProcessOwner` holds, against `deployment-process` and `runbook/<slug>`."""
PROJECTS = "Projects"
TEAMS = "Teams"
"""Teams of the whole server have the slug `global/<slug>`."""
TENANTS = "Tenants"
WORKER_POOLS = "WorkerPools"


class References(Protocol):
    """Looks up what a project refers to. `kind` is one of the constants above."""

    def slug_of(self, kind: str, identifier: str) -> str | None:
        """None where nothing has that id, or things of the kind are written by id: then the id is written."""

    def identifier_of(self, kind: str, slug: str) -> str | None:
        """None where nothing of the kind has that slug; the reader reports it. Ids and names may be accepted too."""


class _AsWritten:
    def slug_of(self, kind: str, identifier: str) -> str | None:
        return identifier

    def identifier_of(self, kind: str, slug: str) -> str | None:
        return slug


AS_WRITTEN: References = _AsWritten()
"""Leaves every reference as it is."""


def is_expression(text: str) -> bool:
    """Whether a text stands for something that only the deployment knows."""
    return "#{" in text
