"""The root documents, the server's status and its certificate over HTTP."""

from __future__ import annotations

from polpo.features.serverinfo.installation import Installation
from polpo.features.serverinfo.links import ROOT_LINKS, SPACE_LINKS
from polpo.rest.call import Call
from polpo.rest.paths import DEFAULT_SPACE
from polpo.rest.routes import Routes
from polpo.store.documents import Resource
from polpo.version import API_VERSION, CONTRACT_VERSION, __version__

routes = Routes("server", scope="system")


class RootResource(Resource):
    application: str
    version: str
    api_version: str
    installation_id: str
    is_early_access_program: bool
    has_long_term_support: bool
    polpo_version: str
    links: dict[str, str]


class SpaceRootResource(Resource):
    links: dict[str, str]


class GlobalCertificate(Resource):
    """The certificate by which agents know this server."""

    id: str
    name: str
    thumbprint: str
    signature_algorithm: str
    links: dict[str, str]


class Capabilities(Resource):
    capabilities: list[str]


def space_links(space_id: str) -> dict[str, str]:
    return {name: template.replace("{SpaceId}", space_id) for name, template in SPACE_LINKS.items()}


@routes.get("", "anonymous")
def root(call: Call) -> RootResource:
    """The server's version, and where everything is."""
    return RootResource(
        application="Octopus Deploy",
        version=CONTRACT_VERSION,
        api_version=API_VERSION,
        installation_id=call.parts.get(Installation).id,
        is_early_access_program=False,
        has_long_term_support=True,
        polpo_version=__version__,
        links={**space_links(DEFAULT_SPACE), **ROOT_LINKS},
    )


@routes.get("", "signed in", scope="space")
def space_root(call: Call) -> SpaceRootResource:
    """Where everything of one space is."""
    return SpaceRootResource(links=space_links(call.space))


@routes.get("/configuration/certificates/certificate-global", "signed in")
@routes.get("/certificates/certificate-global", "signed in", scope="both")
def certificate(call: Call) -> GlobalCertificate:
    """The server's certificate; its thumbprint is the root of the agents' trust."""
    return GlobalCertificate(
        id="certificate-global",
        name="Global server certificate",
        thumbprint=call.parts.get(Installation).identity.thumbprint,
        signature_algorithm="sha256RSA",
        links={"Self": "/api/certificates/certificate-global"},
    )


@routes.get("/capabilities", "anonymous")
def capabilities(_call: Call) -> Capabilities:
    """Names of optional abilities that clients ask about."""
    return Capabilities(capabilities=[])
