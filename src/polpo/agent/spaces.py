"""One space of a server, as registrations need it: what is there by which name, and whose certificate it has.

Servers of many ages are asked: those without spaces, and those that list their environments the older way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from polpo.agent.configuration import checked_thumbprint
from polpo.agent.server_api import ServerApi, without_options
from polpo.kernel.errors import Invalid, NotFound

_CERTIFICATE = "certificate-global"


@dataclass(frozen=True)
class Space:
    """`base` is where the routes of the space are."""

    api: ServerApi
    base: str

    async def server_thumbprint(self) -> str:
        """By this certificate the agent knows the server; that it came with the API is the root of the trust."""
        for name in ("CertificateConfiguration", "Certificates"):
            if link := self.api.links.get(name):
                found = await self._certificate(f"{without_options(link)}/{_CERTIFICATE}")
                if found:
                    return found
        found = await self._certificate(f"{self.base}/certificates/{_CERTIFICATE}")
        if not found:
            raise Invalid(f"{self.api.where} does not tell its certificate; is it a deployment server?")
        return found

    async def _certificate(self, path: str) -> str:
        try:
            certificate = await self.api.get(path)
        except NotFound:
            return ""
        return checked_thumbprint(str(certificate["Thumbprint"]))

    async def environments(self, names: tuple[str, ...]) -> list[dict[str, Any]]:
        if not names:
            return []
        try:
            known = await self.api.items(f"{self.base}/environments/v2")
        except NotFound:
            known = await self.api.get(f"{self.base}/environments/all")
        return [self.api.chosen(known, name, "environment") for name in names]

    async def named(self, collection: str, names: tuple[str, ...], kind: str) -> list[dict[str, Any]]:
        """Those that are named; NotFound for the first that is not there."""
        if not names:
            return []
        known = await self.api.get(f"{self.base}/{collection}/all")
        return [self.api.chosen(known, name, kind) for name in names]

    async def ids(self, collection: str, names: tuple[str, ...], kind: str) -> list[str]:
        return [str(one["Id"]) for one in await self.named(collection, names, kind)]

    async def tags(self, names: tuple[str, ...]) -> list[str]:
        """Tags of tenants as `Set/Tag`, in the spelling that the server has."""
        if not names:
            return []
        sets = await self.api.get(f"{self.base}/tagsets/all")
        known = [f"{one['Name']}/{tag['Name']}" for one in sets for tag in one.get("Tags") or ()]
        spelled = {name.casefold(): name for name in known}
        for name in names:
            if name.casefold() not in spelled:
                there = f"There are: {', '.join(sorted(known))}." if known else "There are none yet."
                raise NotFound(f"There is no tag '{name}' on {self.api.where}; write Set/Tag. {there}")
        return [spelled[name.casefold()] for name in names]

    async def machines_of(self, collection: str, thumbprint: str) -> list[dict[str, Any]]:
        """The targets or workers that have this certificate."""
        found = await self.api.items(f"{self.base}/{collection}", thumbprint=thumbprint)
        return [one for one in found if (one["Endpoint"].get("Thumbprint") or "") == thumbprint]


async def space_of(api: ServerApi, wanted: str) -> Space:
    """The space of this name, the default one without a name; the whole server where it has no spaces."""
    if "Spaces" not in api.links:
        if wanted:
            raise Invalid(f"{api.where} knows no spaces; leave out --space.")
        return Space(api, "/api")
    return Space(api, f"/api/{_chosen(api, await _visible(api), wanted)}")


async def every_space(api: ServerApi) -> list[Space]:
    if "Spaces" not in api.links:
        return [Space(api, "/api")]
    return [Space(api, f"/api/{space['Id']}") for space in await _visible(api)]


async def _visible(api: ServerApi) -> list[dict[str, Any]]:
    """The spaces that whoever signed in may see."""
    me = await api.get(without_options(api.links.get("CurrentUser", "/api/users/me")))
    link = (me.get("Links") or {}).get("Spaces") or f"/api/users/{me['Id']}/spaces"
    found: list[dict[str, Any]] = await api.get(without_options(link))
    return found


def _chosen(api: ServerApi, spaces: list[dict[str, Any]], wanted: str) -> str:
    if wanted:
        return str(api.chosen(spaces, wanted, "space")["Id"])
    for space in spaces:
        if space.get("IsDefault"):
            return str(space["Id"])
    raise Invalid("You have no default space on the server; name the space with --space.")
