"""The root documents, the server's status and its certificate over HTTP."""

from __future__ import annotations

from polpo.features.serverinfo.installation import Installation
from polpo.features.serverinfo.links import ROOT_LINKS, SPACE_LINKS
from polpo.kernel.errors import NotFound
from polpo.rest.answers import Page, Reply, attachment
from polpo.rest.call import Call
from polpo.rest.links import register
from polpo.rest.paths import DEFAULT_SPACE
from polpo.rest.routes import Routes
from polpo.store.documents import Document, Resource
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


class CertificateConfiguration(Document):
    """The certificate by which agents know this server."""

    name: str = ""
    thumbprint: str = ""
    signature_algorithm: str = ""


class Capabilities(Resource):
    capabilities: list[str]


_CERTIFICATE = "certificate-global"
_CERTIFICATES = "/api/configuration/certificates/{Id}"
register(CertificateConfiguration, {"Self": _CERTIFICATES, "PublicCer": _CERTIFICATES + "/public-cer"})


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


@routes.get("/configuration/certificates", "signed in", response=CertificateConfiguration, paged=True)
def certificates(call: Call) -> Page[CertificateConfiguration]:
    """List the server's certificates; there is one"""
    one, paging = _certificate(call), call.paging
    found = [one] if (call.text("partialName") or "").casefold() in one.name.casefold() else []
    return Page(found[paging.skip : paging.skip + paging.take], len(found), paging, "CertificateConfiguration")


@routes.get("/certificates/certificate-global", "signed in", scope="both")
def certificate(call: Call) -> CertificateConfiguration:
    """The server's certificate; its thumbprint is the root of the agents' trust."""
    return _certificate(call)


@routes.get("/configuration/certificates/{id}", "signed in")
def certificate_of_configuration(call: Call, id: str) -> CertificateConfiguration:
    """The server's certificate, by its id"""
    if id != _CERTIFICATE:
        raise NotFound(f"There is no certificate '{id}' of the server; there is {_CERTIFICATE}.")
    return _certificate(call)


@routes.get("/configuration/certificates/{id}/public-cer", "signed in")
def public_certificate(call: Call, id: str) -> Reply:
    """Download the certificate without its key"""
    shown = certificate_of_configuration(call, id)
    headers = attachment(f"{shown.thumbprint}.cer")
    return Reply(call.parts.get(Installation).identity.certificate_der, 200, headers, "application/x-x509-ca-cert")


def _certificate(call: Call) -> CertificateConfiguration:
    return CertificateConfiguration(
        id=_CERTIFICATE,
        name="Global server certificate",
        thumbprint=call.parts.get(Installation).identity.thumbprint,
        signature_algorithm="sha256RSA",
    )


@routes.get("/capabilities", "anonymous")
def capabilities(_call: Call) -> Capabilities:
    """Names of optional abilities that clients ask about."""
    return Capabilities(capabilities=[])
