"""Signing in to a cluster at Amazon: its token is an address of the token service, signed with an access key."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from base64 import urlsafe_b64encode
from typing import Dict, List, Mapping, NamedTuple, Optional
from urllib.parse import quote, urlencode, urlsplit

from polpo.runner.clusters.web import ask
from polpo.runner.errors import RunnerError

_WHAT = "Signing in at Amazon"
_REGION = re.compile(r"\.([a-z0-9-]+)\.eks\.amazonaws\.com(?:\.cn)?$")
_VALID = 60
#: The cluster takes the token for a quarter of an hour, whatever the address says of itself.
_LIVES = 14 * 60.0
_METADATA = "http://169.254.169.254"
_CONTAINER = "http://169.254.170.2"
_SESSION = "polpo"


class Keys(NamedTuple):
    access: str
    secret: str
    session: str = ""


class Token(NamedTuple):
    text: str
    expires: float


def token(facts: Mapping[str, str], environment: Mapping[str, str], now: float) -> Token:
    """A token for the cluster that the facts name."""
    cluster, region = facts.get("Cluster"), region_of(facts)
    if not cluster:
        raise RunnerError(
            f"{_WHAT} failed: the name of the cluster is missing (Octopus.Action.Kubernetes.EksClusterName)."
        )
    keys = keys_of(facts, environment, region, now)
    headers = {"host": _host(region), "x-k8s-aws-id": cluster}
    query = {"Action": "GetCallerIdentity", "Version": "2011-06-15"}
    address = presigned(keys, region, headers, query, now)
    return Token("k8s-aws-v1." + urlsafe_b64encode(address.encode()).decode().rstrip("="), now + _LIVES)


def region_of(facts: Mapping[str, str]) -> str:
    """As the address of the cluster says, else the step or the account."""
    host = urlsplit(facts.get("Server", "")).hostname or ""
    found = _REGION.search(host)
    region = found.group(1) if found else facts.get("Region", "")
    if not region:
        raise RunnerError(
            f"{_WHAT} failed: the address {facts.get('Server', '')} does not say in which region the cluster is. Set "
            f"the account's region, or Octopus.Action.Aws.Region."
        )
    return region


def _host(region: str, service: str = "sts") -> str:
    return f"{service}.{region}.amazonaws.com" + (".cn" if region.startswith("cn-") else "")


# -- keys


def keys_of(facts: Mapping[str, str], environment: Mapping[str, str], region: str, now: float) -> Keys:
    """Those of the account or of this machine; with a role that is to be taken on, those of the role."""
    keys = _keys(facts, environment, region)
    return _assume(facts, keys, region, environment, now) if facts.get("AssumedRoleArn") else keys


def _keys(facts: Mapping[str, str], environment: Mapping[str, str], region: str) -> Keys:
    if facts.get("AccessKey") and facts.get("SecretKey"):
        return Keys(facts["AccessKey"], facts["SecretKey"])
    if facts.get("Jwt"):
        role, seconds = facts.get("RoleArn", ""), facts.get("SessionDuration", "")
        return _by_identity(facts["Jwt"], role, seconds, region, environment)
    if facts.get("IsOidc"):
        raise RunnerError(
            f"{_WHAT} failed: the account signs in by OpenID Connect, and this task was given no token for it "
            f"(Octopus.OpenIdConnect.Jwt)."
        )
    return _of_machine(environment, region)


def _of_machine(environment: Mapping[str, str], region: str) -> Keys:
    """Whatever this machine is to Amazon: a container, a pod with a role, or an instance with one."""
    relative = environment.get("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    whole = environment.get("AWS_CONTAINER_CREDENTIALS_FULL_URI")
    if relative or whole:
        return _of_container(f"{_CONTAINER}{relative}" if relative else str(whole), environment)
    token_file, role = environment.get("AWS_WEB_IDENTITY_TOKEN_FILE"), environment.get("AWS_ROLE_ARN")
    if token_file and role:
        return _by_identity(_read(token_file), role, "", region, environment)
    return _of_instance(environment.get("AWS_EC2_METADATA_SERVICE_ENDPOINT") or _METADATA)


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as source:
            return source.read().strip()
    except OSError as error:
        raise RunnerError(f"{_WHAT} failed: the token {path} cannot be read: {error.strerror}.") from error


def _of_container(address: str, environment: Mapping[str, str]) -> Keys:
    path = environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE")
    secret = _read(path) if path else environment.get("AWS_CONTAINER_AUTHORIZATION_TOKEN", "")
    told = ask(_WHAT, address, headers={"Authorization": secret} if secret else {}, direct=True)
    return _told_keys(told)


def _of_instance(service: str) -> Keys:
    service = service.rstrip("/")
    what = f"{_WHAT} by the role of this machine"
    pass_ = ask(
        what,
        f"{service}/latest/api/token",
        method="PUT",
        headers={"X-aws-ec2-metadata-token-ttl-seconds": "300"},
        direct=True,
    )
    headers, place = {"X-aws-ec2-metadata-token": pass_}, f"{service}/latest/meta-data/iam/security-credentials/"
    role = ask(what, place, headers=headers, direct=True).strip().split("\n")[0]
    return _told_keys(ask(what, place + quote(role), headers=headers, direct=True))


def _told_keys(text: str) -> Keys:
    try:
        told = json.loads(text)
        return Keys(told["AccessKeyId"], told["SecretAccessKey"], told.get("Token") or "")
    except (ValueError, KeyError, TypeError):
        raise RunnerError(f"{_WHAT} failed: this machine has no role that gives it keys.") from None


# -- the token service


def service_address(service: str, region: str, environment: Mapping[str, str]) -> str:
    """Whoever goes by way of a gateway says so to Amazon's tools by these variables."""
    named = environment.get(f"AWS_ENDPOINT_URL_{service.upper()}")
    return (named or f"https://{_host(region, service)}").rstrip("/") + "/"


def host_of(address: str) -> str:
    return urlsplit(address).netloc


def _by_identity(jwt: str, role: str, seconds: str, region: str, environment: Mapping[str, str]) -> Keys:
    if not role:
        raise RunnerError(f"{_WHAT} failed: the account names no role that its token stands for (RoleArn).")
    form = {"Action": "AssumeRoleWithWebIdentity", "RoleArn": role, "WebIdentityToken": jwt}
    form = {**form, "RoleSessionName": _SESSION, "DurationSeconds": seconds if seconds.isdigit() else "3600"}
    return _sent(form, {}, region, environment)


def _assume(facts: Mapping[str, str], keys: Keys, region: str, environment: Mapping[str, str], now: float) -> Keys:
    form = {"Action": "AssumeRole", "RoleArn": facts["AssumedRoleArn"]}
    form["RoleSessionName"] = facts.get("AssumedRoleSession") or _SESSION
    if facts.get("AssumedRoleSeconds"):
        form["DurationSeconds"] = facts["AssumedRoleSeconds"]
    if facts.get("AssumedRoleExternalId"):
        form["ExternalId"] = facts["AssumedRoleExternalId"]
    body = urlencode({**form, "Version": "2011-06-15"})
    host = host_of(service_address("sts", region, environment))
    return _sent(form, signed_headers(keys, region, host, body, now), region, environment)


def _sent(form: Dict[str, str], headers: Dict[str, str], region: str, environment: Mapping[str, str]) -> Keys:
    body = urlencode({**form, "Version": "2011-06-15"}).encode()
    headers = {**headers, "Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    what = f"{_WHAT}: taking on the role {form['RoleArn']}"
    answer = ask(what, service_address("sts", region, environment), method="POST", headers=headers, body=body)
    found = [
        re.search(f"<{name}>([^<]+)</{name}>", answer) for name in ("AccessKeyId", "SecretAccessKey", "SessionToken")
    ]
    if not all(found):
        raise RunnerError(f"{what} failed: the answer holds no keys.")
    return Keys(*(one.group(1) for one in found if one))


# -- signatures (version 4)


def presigned(keys: Keys, region: str, headers: Mapping[str, str], query: Mapping[str, str], now: float) -> str:
    """An address at the token service that says who signed it. `headers` are to be sent along, lower-case names."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    whole = {
        **query,
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Credential": f"{keys.access}/{_scope(stamp, region)}",
        "X-Amz-Date": stamp,
        "X-Amz-Expires": str(_VALID),
        "X-Amz-SignedHeaders": ";".join(sorted(headers)),
    }
    if keys.session:
        whole["X-Amz-Security-Token"] = keys.session
    line = "&".join(f"{_quoted(name)}={_quoted(value)}" for name, value in sorted(whole.items()))
    signature = _signature(keys, _scope(stamp, region), stamp, ["GET", "/", line], headers, b"")
    return f"https://{headers['host']}/?{line}&X-Amz-Signature={signature}"


def signed_headers(
    keys: Keys,
    region: str,
    host: str,
    body: str,
    now: float,
    service: str = "sts",
    given: Optional[Mapping[str, str]] = None,
) -> Dict[str, str]:
    """What has to be sent along with a body, so that the service knows who sends it; `given` is signed as well."""
    stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime(now))
    headers = {**(given or {}), "host": host, "x-amz-date": stamp}
    if keys.session:
        headers["x-amz-security-token"] = keys.session
    signature = _signature(keys, _scope(stamp, region, service), stamp, ["POST", "/", ""], headers, body.encode())
    names = ";".join(sorted(headers))
    whole = f"Credential={keys.access}/{_scope(stamp, region, service)}, SignedHeaders={names}, Signature={signature}"
    sent = {name: value for name, value in headers.items() if name != "host"}
    return {**sent, "Authorization": f"AWS4-HMAC-SHA256 {whole}"}


def _scope(stamp: str, region: str, service: str = "sts") -> str:
    return f"{stamp[:8]}/{region}/{service}/aws4_request"


def _signature(keys: Keys, scope: str, stamp: str, request: List[str], headers: Mapping[str, str], body: bytes) -> str:
    lines = [f"{name}:{headers[name]}" for name in sorted(headers)]
    canonical = "\n".join([*request, *lines, "", ";".join(sorted(headers)), hashlib.sha256(body).hexdigest()])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    text = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
    key = f"AWS4{keys.secret}".encode()
    for part in scope.split("/"):
        key = _mac(key, part)
    return _mac(key, text).hex()


def _mac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _quoted(text: str) -> str:
    return quote(text, safe="-_.~")
