"""The two halves of a sign-in by a provider: sending the browser there, and taking it back."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from litestar.datastructures import Cookie

from polpo.features.configuration.sections import SERVER
from polpo.features.configuration.service import read_section
from polpo.features.identities.resource import Person
from polpo.features.identities.service import Admission, admit, tell_refusal
from polpo.features.issuers.issuers import IssuerFault, Issuers, printable
from polpo.features.issuers.tokens import TokenFault, prove, read
from polpo.features.openidconnect.attempts import LIFE, Secrets, begin, check_browser, cookie_name, take
from polpo.features.openidconnect.people import check_claims, person_of
from polpo.features.openidconnect.providers import SCOPES, Provider
from polpo.features.openidconnect.resource import OpenIdConnectConfiguration, SignInAttempt
from polpo.features.users.resource import User
from polpo.kernel.errors import AppError, NotFound, NotSignedIn, Unavailable
from polpo.rest.call import Call

HOME = "/app"

_OWN_PATH = re.compile(r"/app(?:[/#?][^\\\x00-\x20\x7f]*)?")
_LONGEST_PATH = 2000
_RETURN = "/api/users/authenticatedToken"


@dataclass(frozen=True)
class Departure:
    """Where the browser is to go, with the cookie by which it is known when it comes back."""

    address: str
    cookie: Cookie


@dataclass(frozen=True)
class Arrival:
    """Where somebody who came back wanted to go; and who they are, or why they are refused."""

    return_to: str
    user: User | None = None
    refusal: str = ""


def own_path(wanted: str | None) -> str:
    """Only a path of the portal is followed after signing in: an address from outside could lead anywhere."""
    fits = wanted is not None and len(wanted) <= _LONGEST_PATH and _OWN_PATH.fullmatch(wanted)
    return wanted if fits and wanted is not None else HOME


async def depart(call: Call, provider: Provider, wanted: str | None) -> Departure:
    """Begins an attempt. NotFound when the provider is switched off, Unavailable when it cannot be asked."""
    with call.reading() as inside:
        configuration = _enabled(inside, provider)
        redirect_uri = f"{_server_url(inside)}{_RETURN}/{provider.route}"
    issuer, made = str(configuration.issuer), Secrets.new()
    try:
        endpoints = await call.parts.get(Issuers).endpoints(issuer)
    except IssuerFault as fault:
        raise Unavailable(f"Signing in by {provider.name} is not possible now. {fault}") from fault
    attempt = SignInAttempt(
        provider=provider.section.id, issuer=issuer, redirect_uri=redirect_uri, return_to=own_path(wanted)
    )
    await call.database.write(lambda session: begin(session, attempt, made))
    question = _question(configuration, redirect_uri, made)
    return Departure(_with_query(endpoints.authorization, question), attempt_cookie(call, made.state, made.browser))


def _enabled(call: Call, provider: Provider) -> OpenIdConnectConfiguration:
    configuration = provider.configuration(call.session)
    if not configuration.is_enabled:
        raise NotFound(f"Signing in by {provider.name} is not enabled on this server.")
    return configuration


def _server_url(call: Call) -> str:
    """As configured; else as the browser wrote it: a provider takes only addresses that are registered there."""
    return (read_section(call.session, SERVER).server_uri or call.server_url).rstrip("/")


def _question(configuration: OpenIdConnectConfiguration, redirect_uri: str, made: Secrets) -> dict[str, str]:
    question = {
        "response_type": "code",
        "response_mode": "query",
        "client_id": str(configuration.client_id),
        "redirect_uri": redirect_uri,
        "scope": " ".join(getattr(configuration, "scopes", None) or SCOPES),
        "state": made.state,
        "nonce": made.nonce,
        "code_challenge": made.challenge,
        "code_challenge_method": "S256",
    }
    if resource := getattr(configuration, "resource", None):
        question["resource"] = resource
    if domain := getattr(configuration, "hosted_domain", None):
        question["hd"] = domain
    return question


def _with_query(address: str, query: dict[str, str]) -> str:
    parts = urlsplit(address)
    joined = "&".join(part for part in (parts.query, urlencode(query)) if part)
    return urlunsplit(parts._replace(query=joined))


def attempt_cookie(call: Call, state: str, browser: str) -> Cookie:
    """Lax: the provider sends the browser here from another site. Without a value, the cookie ends."""
    secure = call.request.url.scheme == "https"
    age = int(LIFE.total_seconds()) if browser else 0
    return Cookie(
        key=cookie_name(state), value=browser, max_age=age, path=_RETURN, secure=secure, httponly=True, samesite="lax"
    )


async def arrive(call: Call, provider: Provider) -> Arrival:
    """Takes the browser back. NotSignedIn when it answers no attempt that is open; other refusals are audited."""
    attempt = await call.database.write(lambda session: take(session, call.text("state") or ""))
    if attempt is None or attempt.provider != provider.section.id:
        raise NotSignedIn("The sign-in took longer than ten minutes, or was finished already; begin it again.")
    try:
        check_browser(attempt, call.request.cookies.get(cookie_name(call.text("state") or ""), ""))
        person, allowed = await _person(call, provider, attempt)
        user = await call.database.write(lambda session: admit(session, person, allowed))
    except (IssuerFault, TokenFault, AppError) as fault:
        sentence = fault.message if isinstance(fault, AppError) else str(fault)
        await call.database.write(lambda session: tell_refusal(session, provider.means, sentence))
        return Arrival(attempt.return_to, refusal=sentence)
    return Arrival(attempt.return_to, user)


async def _person(call: Call, provider: Provider, attempt: SignInAttempt) -> tuple[Person, Admission]:
    with call.reading() as inside:
        configuration = _enabled(inside, provider)
        secret = inside.session.reveal(configuration.client_secret)
        verifier = inside.session.reveal(attempt.verifier) or ""
    if configuration.issuer != attempt.issuer:
        raise NotSignedIn(f"{provider.name} has been configured anew in the meantime; begin the sign-in again.")
    code = {"code": _code(call, provider, attempt), "redirect_uri": attempt.redirect_uri, "code_verifier": verifier}
    issuers = call.parts.get(Issuers)
    given = await issuers.redeem(attempt.issuer, code, str(configuration.client_id), secret)
    token = read(_id_token(given), "ID token")
    if token.issuer != attempt.issuer:
        raise TokenFault(f"The ID token is of the issuer '{printable(token.issuer)}', not of '{attempt.issuer}'.")
    keys = await issuers.keys(attempt.issuer, token.key_id)
    claims = prove(token, keys, call.clock.now())
    check_claims(token, claims, configuration, attempt.nonce, call.clock.now())
    allowed = Admission(bool(configuration.allow_auto_user_creation), configuration.allow_email_matching)
    return person_of(provider, configuration, token, claims), allowed


def _code(call: Call, provider: Provider, attempt: SignInAttempt) -> str:
    if refused := call.text("error"):
        reason = printable(call.text("error_description") or refused)
        raise NotSignedIn(f"{provider.name} did not sign you in: {reason}.")
    if (sender := call.text("iss")) is not None and sender != attempt.issuer:
        raise NotSignedIn(f"The answer comes from another issuer than '{attempt.issuer}'.")
    if code := call.text("code"):
        return code
    raise NotSignedIn(f"The answer of {provider.name} lacks a code.")


def _id_token(given: dict[str, Any]) -> str:
    token = given.get("id_token")
    if not isinstance(token, str):
        raise TokenFault("The provider gave no ID token; is 'openid' among the scopes?")
    return token
