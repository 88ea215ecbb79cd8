"""Clusters at Azure: the management service tells their address, and the directory gives tokens for them."""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from typing import Any, Dict, Mapping, NamedTuple, Optional
from urllib.parse import quote, urlencode

from polpo.runner.clusters.amazon import Token
from polpo.runner.clusters.web import ask_json, needed
from polpo.runner.errors import RunnerError

_WHAT = "Signing in at Azure"
_VERSION = "2024-05-01"
_SITES_VERSION = "2023-12-01"
#: What every cluster that trusts the directory is to it.
_CLUSTERS = "6dae42f8-4368-4678-94ff-3960e28e3630"
#: By the name of the cloud: its directory, and its management service.
_CLOUDS = {
    "azurecloud": ("https://login.microsoftonline.com/", "https://management.azure.com/"),
    "azurechinacloud": ("https://login.chinacloudapi.cn/", "https://management.chinacloudapi.cn/"),
    "azuregermancloud": ("https://login.microsoftonline.de/", "https://management.microsoftazure.de/"),
    "azureusgovernment": ("https://login.microsoftonline.us/", "https://management.usgovcloudapi.net/"),
}
_ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
_FIELD = r"^\s*-?\s*{}:\s*(\S+)\s*$"


class Found(NamedTuple):
    """A cluster as the management service describes it: parts of a kubeconfig. Without a `user`, tokens are needed."""

    cluster: Dict[str, Any]
    user: Optional[Dict[str, Any]]
    audience: str


def token(facts: Mapping[str, str], now: float) -> Token:
    """A token for the cluster; what it is to the directory stands in `Audience`."""
    return _token(facts, f"{facts.get('Audience') or _CLUSTERS}/.default", now)


def find_cluster(facts: Mapping[str, str], now: float) -> Found:
    _, manager = _services(facts)
    names = {name: quote(needed(_WHAT, facts, name), safe="") for name in ("Subscription", "ResourceGroup", "Cluster")}
    whose = "Admin" if facts.get("AsAdministrator") else "User"
    address = (
        f"{manager}subscriptions/{names['Subscription']}/resourceGroups/{names['ResourceGroup']}/providers/"
        f"Microsoft.ContainerService/managedClusters/{names['Cluster']}/listCluster{whose}Credential"
        f"?api-version={_VERSION}"
    )
    pass_ = _token(facts, f"{manager}.default", now).text
    what = f"Asking Azure for the cluster {facts['Cluster']}"
    answer = ask_json(what, address, method="POST", headers={"Authorization": f"Bearer {pass_}"}, body=b"")
    try:
        return _read(b64decode(answer["kubeconfigs"][0]["value"]).decode())
    except (KeyError, IndexError, TypeError, binascii.Error, UnicodeDecodeError):
        raise RunnerError(f"{what} failed: the answer holds no kubeconfig.") from None


def find_web_app(facts: Mapping[str, str], group: str, name: str, slot: str, now: float) -> Dict[str, Any]:
    """The web app, or one of its slots, as the management service describes it."""
    _, manager = _services(facts)
    subscription = quote(needed(_WHAT, facts, "Subscription"), safe="")
    place = f"sites/{quote(name, safe='')}" + (f"/slots/{quote(slot, safe='')}" if slot else "")
    address = (
        f"{manager}subscriptions/{subscription}/resourceGroups/{quote(group, safe='')}/providers/Microsoft.Web/{place}"
        f"?api-version={_SITES_VERSION}"
    )
    pass_ = _token(facts, f"{manager}.default", now).text
    what = f"Asking Azure for the web app {name}"
    return ask_json(what, address, headers={"Authorization": f"Bearer {pass_}"})


def subscription_name(facts: Mapping[str, str], now: float) -> str:
    """What people call the subscription: who learns it has signed in, and may look into it."""
    _, manager = _services(facts)
    pass_ = _token(facts, f"{manager}.default", now).text
    number = quote(needed(_WHAT, facts, "Subscription"), safe="")
    address = f"{manager}subscriptions/{number}?api-version=2022-12-01"
    answer = ask_json(f"Looking into the subscription {number}", address, headers={"Authorization": f"Bearer {pass_}"})
    return str(answer.get("displayName") or number)


def _read(text: str) -> Found:
    """Azure's kubeconfigs have one cluster and one user, and each field on a line of its own."""

    def field(name: str) -> Optional[str]:
        found = re.search(_FIELD.format(re.escape(name)), text, re.MULTILINE)
        return found.group(1).strip("\"'") if found else None

    server, authority = field("server"), field("certificate-authority-data")
    if not server:
        raise RunnerError("Asking Azure for the cluster failed: its kubeconfig names no server.")
    cluster = {"server": server, **({"certificate-authority-data": authority} if authority else {})}
    if re.search(r"^\s*(exec|auth-provider):", text, re.MULTILINE):
        audience = field("apiserver-id") or _argument(text, "--server-id")
        return Found(cluster, None, audience or _CLUSTERS)
    user = {name: value for name in ("client-certificate-data", "client-key-data", "token") if (value := field(name))}
    return Found(cluster, user, "")


def _argument(text: str, name: str) -> Optional[str]:
    found = re.search(rf"^\s*-\s*{re.escape(name)}\s*\n\s*-\s*(\S+)\s*$", text, re.MULTILINE)
    return found.group(1).strip("\"'") if found else None


def _services(facts: Mapping[str, str]) -> tuple[str, str]:
    named = facts.get("Environment") or "AzureCloud"
    directory, manager = _CLOUDS.get(named.lower(), _CLOUDS["azurecloud"])
    chosen = facts.get("Directory") or directory, facts.get("ResourceManager") or manager
    return chosen[0].rstrip("/") + "/", chosen[1].rstrip("/") + "/"


def _token(facts: Mapping[str, str], scope: str, now: float) -> Token:
    directory, _ = _services(facts)
    form = {"grant_type": "client_credentials", "client_id": needed(_WHAT, facts, "Client"), "scope": scope}
    if facts.get("Jwt"):
        form = {**form, "client_assertion_type": _ASSERTION, "client_assertion": facts["Jwt"]}
    elif facts.get("Password"):
        form["client_secret"] = facts["Password"]
    else:
        raise RunnerError(
            f"{_WHAT} failed: the account has no password, and this task was given no token for it "
            f"(Octopus.OpenIdConnect.Jwt)."
        )
    address = f"{directory}{quote(needed(_WHAT, facts, 'Tenant'), safe='')}/oauth2/v2.0/token"
    answer = ask_json(_WHAT, address, method="POST", body=urlencode(form).encode())
    lives = float(answer.get("expires_in") or 300)
    return Token(needed(_WHAT, answer, "access_token"), now + lives)
