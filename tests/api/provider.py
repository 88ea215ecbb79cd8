"""A small but real OpenID provider: discovery, a page to sign in at, and codes that are exchanged with a proof key."""

from __future__ import annotations

import base64
import hashlib
import html
import json
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

from tests.api.issuer import Answer, Asked, Issuer

CLIENT = "polpo"
SECRET = "s3cret & more/"


class Refusal(Exception):
    """An OAuth error, which the provider answers with."""


@dataclass
class Grant:
    """What a code stands for."""

    question: dict[str, str]
    person: str
    is_used: bool = False


@dataclass
class OpenIdProvider(Issuer):
    """`people` are claims by name. `changes` are put over the claims of every ID token; `answer` over the answer."""

    people: dict[str, dict[str, Any]] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    answer: dict[str, Any] = field(default_factory=dict)
    redirects: list[str] = field(default_factory=list)
    secret: str = SECRET
    in_header: bool = True
    grants: dict[str, Grant] = field(default_factory=dict)

    def configuration(self) -> dict[str, Any]:
        way = "client_secret_basic" if self.in_header else "client_secret_post"
        return {
            **super().configuration(),
            "authorization_endpoint": f"{self.address}/authorize?tenant=1",
            "token_endpoint": f"{self.address}/token",
            "token_endpoint_auth_methods_supported": [way],
        }

    def respond(self, asked: Asked) -> Answer:
        path = urlsplit(asked.target).path
        query = _single(urlsplit(asked.target).query)
        try:
            if path == "/authorize":
                return self._page(query)
            if path == "/allow":
                return Answer(status="302 Found", headers={"Location": self.allow(query, query.pop("person"))})
            if path == "/token" and asked.method == "POST":
                return Answer(json.dumps(self._tokens(asked) | self.answer).encode())
        except Refusal as refusal:
            told = {"error": "invalid_request", "error_description": str(refusal)}
            return Answer(json.dumps(told).encode(), status="400 Bad Request")
        return super().respond(asked)

    def _page(self, question: dict[str, str]) -> Answer:
        self._check(question)
        links = "".join(
            f'<p><a href="/allow?{html.escape(urlencode({**question, "person": name}))}">Sign in as {name}</a></p>'
            for name in self.people
        )
        page = f'<!doctype html><link rel="icon" href="data:,"><title>The provider</title><h1>Who are you?</h1>{links}'
        return Answer(page.encode(), headers={"Content-Type": "text/html"})

    def _check(self, question: Mapping[str, str]) -> None:
        wanted = {"response_type": "code", "client_id": CLIENT, "code_challenge_method": "S256", "tenant": "1"}
        for name, value in wanted.items():
            if question.get(name) != value:
                raise Refusal(f"{name} must be {value}")
        if question.get("redirect_uri") not in self.redirects:
            raise Refusal(f"the redirect_uri {question.get('redirect_uri')} is not registered")
        if "openid" not in question.get("scope", "").split() or not question.get("nonce"):
            raise Refusal("scope openid and a nonce are needed")

    def allow(self, question: dict[str, str], person: str) -> str:
        """Where the browser goes when the person has signed in."""
        self._check(question)
        code = secrets.token_urlsafe(16)
        self.grants[code] = Grant(question, person)
        return f"{question['redirect_uri']}?{urlencode({'code': code, 'state': question['state']})}"

    def _tokens(self, asked: Asked) -> dict[str, Any]:
        form = _single(asked.body.decode())
        client, secret = self._client(asked, form)
        if client != CLIENT or not secrets.compare_digest(secret, self.secret):
            raise Refusal("the client is not known")
        grant = self.grants.get(form.get("code", ""))
        if grant is None or grant.is_used or form.get("grant_type") != "authorization_code":
            raise Refusal("the code is not good (any more)")
        grant.is_used = True
        if form.get("redirect_uri") != grant.question["redirect_uri"]:
            raise Refusal("the redirect_uri is another one")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != grant.question["code_challenge"]:
            raise Refusal("the code_verifier does not fit")
        return {"access_token": "a", "token_type": "Bearer", "id_token": self._id_token(grant)}

    def _client(self, asked: Asked, form: Mapping[str, str]) -> tuple[str, str]:
        sent = asked.headers.get("authorization", "")
        if self.secret and self.in_header:
            client, _, secret = base64.b64decode(sent.removeprefix("Basic ")).decode().partition(":")
            return unquote(client), unquote(secret)
        return form.get("client_id", ""), form.get("client_secret", "")

    def _id_token(self, grant: Grant) -> str:
        now = int(time.time())
        said = {"aud": CLIENT, "exp": now + 300, "iat": now, "nonce": grant.question["nonce"]}
        return self.token(**{**said, **self.people[grant.person], **self.changes})


def question_of(address: str) -> dict[str, str]:
    """What the browser is to ask of the provider."""
    return _single(urlsplit(address).query)


def _single(query: str) -> dict[str, str]:
    return {name: values[-1] for name, values in parse_qs(query, keep_blank_values=True).items()}
