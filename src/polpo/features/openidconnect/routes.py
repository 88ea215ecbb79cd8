"""Signing in by a provider over HTTP: to it, and back."""

from __future__ import annotations

import re
from urllib.parse import quote, urlencode

import structlog
from litestar.datastructures import Cookie

from polpo.features.openidconnect.flow import arrive, attempt_cookie, depart, own_path
from polpo.features.openidconnect.providers import provider_of
from polpo.features.openidconnect.resource import LoginRedirect, StartSignIn
from polpo.features.users.signingin import begin_session
from polpo.kernel.errors import AppError
from polpo.rest.answers import Reply
from polpo.rest.call import Call
from polpo.rest.routes import Routes

log = structlog.get_logger("polpo.openidconnect")

routes = Routes("authentication", scope="system")
#: Below no /api: the root document of the contract leads there.
plain_routes = Routes("authentication", scope="system", prefix="")

#: Read and removed by the sign-in page. An address could carry any text: nobody is to put words there from outside.
FAULT_COOKIE = "OctopusSignInFault"

_NOT_ASCII = re.compile(r"[^\x21-\x7e]+")
_LONGEST_FAULT = 600
_FAULT_AGE = 60


@routes.get("/users/authenticate/{provider}", "anonymous", query=("returnUrl",))
async def begin_sign_in(call: Call, provider: str) -> Reply:
    """Send the browser to a provider to sign in there"""
    return await _begin(call, provider)


async def _begin(call: Call, provider: str) -> Reply:
    wanted = call.text("returnUrl")
    try:
        departure = await depart(call, provider_of(provider), wanted)
    except AppError as fault:
        return _to_sign_in_page(call, fault.message, own_path(wanted))
    return _redirect(departure.address, [departure.cookie])


@plain_routes.get("/users/authenticate/OctopusID", "anonymous", query=("returnUrl",))
async def begin_octopus_sign_in(call: Call) -> Reply:
    """Send the browser to Octopus ID to sign in there"""
    return await _begin(call, "OctopusID")


@routes.post("/users/authenticate/{provider}", "anonymous", response=LoginRedirect)
async def prepare_sign_in(call: Call, provider: str, body: StartSignIn) -> Reply:
    """Begin a sign-in at a provider, and say where the browser is to go"""
    departure = await depart(call, provider_of(provider), body.redirect_after_login_to)
    return Reply(LoginRedirect(external_authentication_url=departure.address), cookies=[departure.cookie])


@routes.get(
    "/users/authenticatedToken/{provider}", "anonymous", query=("code", "state", "error", "error_description", "iss")
)
async def finish_sign_in(call: Call, provider: str) -> Reply:
    """Take back a browser that a provider has sent here: into the portal, or to the sign-in page with the reason"""
    gone = attempt_cookie(call, call.text("state") or "", "")
    wanted = None
    try:
        known = provider_of(provider)
        arrival = await arrive(call, known)
        wanted = arrival.return_to
        if arrival.user is None:
            return _to_sign_in_page(call, arrival.refusal, wanted, gone)
        session = await begin_session(call, arrival.user, means=known.means)
    except AppError as fault:
        return _to_sign_in_page(call, fault.message, wanted, gone)
    return _redirect(wanted, [*session.cookies, gone])


def _to_sign_in_page(call: Call, reason: str, wanted: str | None, *cookies: Cookie) -> Reply:
    log.info("a sign-in by a provider was refused", path=call.request.url.path, reason=reason)
    text = quote(reason[:_LONGEST_FAULT], safe="")
    secure = call.request.url.scheme == "https"
    told = Cookie(key=FAULT_COOKIE, value=text, max_age=_FAULT_AGE, path="/app", secure=secure, samesite="lax")
    place = f"?{urlencode({'from': wanted})}" if wanted else ""
    return _redirect(f"/app/sign-in{place}", [told, *cookies])


def _redirect(address: str, cookies: list[Cookie]) -> Reply:
    """The address that was asked for holds a code: no later page is to be told of it. A header holds only ASCII."""
    headers = {"Location": _NOT_ASCII.sub(lambda found: quote(found[0]), address), "Referrer-Policy": "no-referrer"}
    return Reply(b"", status=302, headers=headers, cookies=cookies)
