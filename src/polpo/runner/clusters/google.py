"""Clusters at Google: the container service tells their address; a key, or this machine, gives tokens for them."""

from __future__ import annotations

import binascii
import json
from base64 import b64decode, urlsafe_b64encode
from typing import Any, Dict, Mapping
from urllib.parse import quote, urlencode

from polpo.runner.clusters.amazon import Token
from polpo.runner.clusters.rsa import sign_sha256
from polpo.runner.clusters.web import ask_json, needed
from polpo.runner.errors import RunnerError

_WHAT = "Signing in at Google"
_SCOPES = "https://www.googleapis.com/auth/cloud-platform https://www.googleapis.com/auth/userinfo.email"
_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_HOUR = 3600


def token(facts: Mapping[str, str], environment: Mapping[str, str], now: float) -> Token:
    """A token that clusters and services take."""
    if facts.get("ByMachine"):
        found = _of_machine(environment, now)
    elif facts.get("Jwt") and not facts.get("JsonKey"):
        found = _of_identity(facts, environment, now)
    else:
        found = _of_key(facts, now)
    return _impersonated(facts["Impersonated"], found, environment, now) if facts.get("Impersonated") else found


def find_cluster(facts: Mapping[str, str], environment: Mapping[str, str], now: float) -> Dict[str, Any]:
    """The cluster as a kubeconfig has it."""
    service = _service("CONTAINER", "https://container.googleapis.com/", environment)
    names = {name: quote(needed(_WHAT, facts, name), safe="") for name in ("Project", "Location", "Cluster")}
    place = f"projects/{names['Project']}/locations/{names['Location']}/clusters/{names['Cluster']}"
    what = f"Asking Google for the cluster {facts['Cluster']}"
    headers = {"Authorization": f"Bearer {token(facts, environment, now).text}"}
    answer = ask_json(what, f"{service}v1/{place}", headers=headers)
    host = answer.get("endpoint")
    if facts.get("InternalAddress"):
        host = (answer.get("privateClusterConfig") or {}).get("privateEndpoint") or host
    if not host:
        raise RunnerError(f"{what} failed: it has no address yet.")
    authority = (answer.get("masterAuth") or {}).get("clusterCaCertificate")
    return {"server": f"https://{host}", **({"certificate-authority-data": authority} if authority else {})}


def _service(name: str, usual: str, environment: Mapping[str, str]) -> str:
    """Whoever uses Google's tools by way of a gateway says so to them by these variables."""
    return (environment.get(f"CLOUDSDK_API_ENDPOINT_OVERRIDES_{name}") or usual).rstrip("/") + "/"


def _of_key(facts: Mapping[str, str], now: float) -> Token:
    key = _key(facts)
    issued = int(now)
    about = {"iss": key["client_email"], "scope": _SCOPES, "aud": key["token_uri"]}
    claims = {**about, "iat": issued, "exp": issued + _HOUR}
    text = ".".join(_coded(json.dumps(part).encode()) for part in ({"alg": "RS256", "typ": "JWT"}, claims))
    signed = f"{text}.{_coded(sign_sha256(key['private_key'], text.encode()))}"
    form = urlencode({"grant_type": _GRANT, "assertion": signed}).encode()
    return _told(ask_json(_WHAT, key["token_uri"], method="POST", body=form), now)


def _key(facts: Mapping[str, str]) -> Dict[str, str]:
    """The account's key; it is a JSON file, kept as base64."""
    if not facts.get("JsonKey"):
        raise RunnerError(f"{_WHAT} failed: the account has no key, and this task was given no token for it.")
    try:
        key = json.loads(b64decode(facts["JsonKey"], validate=True))
        return {name: str(key[name]) for name in ("client_email", "private_key", "token_uri")}
    except (ValueError, binascii.Error, KeyError, TypeError):
        raise RunnerError(f"{_WHAT} failed: the account's key is not the JSON file of a service account.") from None


def _of_identity(facts: Mapping[str, str], environment: Mapping[str, str], now: float) -> Token:
    """By a token of this server, which a pool of identities at Google trusts; the audience names the pool."""
    audience = needed(_WHAT, facts, "Audience")
    form = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "requested_token_type": "urn:ietf:params:oauth:token-type:access_token",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "subject_token": facts["Jwt"],
        "audience": audience[6:] if audience.startswith("https://") else audience,
        "scope": _SCOPES.split(maxsplit=1)[0],
    }
    service = _service("STS", "https://sts.googleapis.com/", environment)
    return _told(ask_json(_WHAT, f"{service}v1/token", method="POST", body=urlencode(form).encode()), now)


def _of_machine(environment: Mapping[str, str], now: float) -> Token:
    host = environment.get("GCE_METADATA_HOST") or "metadata.google.internal"
    address = f"http://{host}/computeMetadata/v1/instance/service-accounts/default/token"
    what = f"{_WHAT} by the service account of this machine"
    return _told(ask_json(what, address, headers={"Metadata-Flavor": "Google"}, direct=True), now)


def _impersonated(emails: str, own: Token, environment: Mapping[str, str], now: float) -> Token:
    """For the last of the accounts, each of which lets the one before act for it."""
    *between, last = [email.strip() for email in emails.split(",") if email.strip()]
    service = _service("IAMCREDENTIALS", "https://iamcredentials.googleapis.com/", environment)
    address = f"{service}v1/projects/-/serviceAccounts/{quote(last, safe='@')}:generateAccessToken"
    delegates = [f"projects/-/serviceAccounts/{email}" for email in between]
    body = json.dumps({"scope": _SCOPES.split(), "delegates": delegates}).encode()
    headers = {"Authorization": f"Bearer {own.text}", "Content-Type": "application/json"}
    what = f"{_WHAT}: acting for {last}"
    answer = ask_json(what, address, method="POST", headers=headers, body=body)
    return Token(needed(what, answer, "accessToken"), now + _HOUR - 300)


def _told(answer: Mapping[str, Any], now: float) -> Token:
    lives = float(answer.get("expires_in") or 300)
    return Token(needed(_WHAT, answer, "access_token"), now + lives)


def _coded(content: bytes) -> str:
    return urlsafe_b64encode(content).decode().rstrip("=")
