"""How much is made up."""

from __future__ import annotations

from dataclasses import dataclass, fields

from polpo.kernel.errors import Invalid

_MOST = 10_000_000


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """Numbers of documents in the space. Releases spread over the projects; each is deployed some way."""

    projects: int = 1_000
    releases: int = 10_000
    tenants: int = 500
    machines: int = 2_000
    events: int = 1_000_000
    environments: int = 5
    seed: int = 1

    def __post_init__(self) -> None:
        for one in fields(self):
            value = getattr(self, one.name)
            if not 0 <= value <= _MOST:
                raise Invalid(f"--{one.name} must be a number from 0 to {_MOST}; it is {value}.")
        if self.releases and not self.projects:
            raise Invalid("--releases needs projects to belong to; give --projects, too.")
