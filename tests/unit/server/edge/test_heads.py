"""Who really calls, by way of which proxies, and which heads of requests are refused."""

from __future__ import annotations

import ipaddress
from typing import Any

import pytest

from polpo.kernel.errors import AppError, Invalid
from polpo.server.edge.heads import check_host, read_head, settle_caller

PROXIES = tuple(ipaddress.ip_network(one) for one in ("10.0.0.0/8", "127.0.0.1/32", "fd00::/8"))


def scope(peer: str = "10.0.0.1", path: str = "/api", query: bytes = b"", **headers: str) -> dict[str, Any]:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"client": (peer, 5), "scheme": "http", "path": path, "query_string": query, "headers": sent}


@pytest.mark.parametrize(
    ("peer", "headers", "client", "scheme"),
    [
        ("10.0.0.1", {}, "10.0.0.1", "http"),
        ("10.0.0.1", {"x_forwarded_for": "203.0.113.9"}, "203.0.113.9", "http"),
        ("10.0.0.1", {"x_forwarded_for": "203.0.113.9:4711"}, "203.0.113.9", "http"),
        ("10.0.0.1", {"x_forwarded_for": "[2001:4860::1]:4711"}, "2001:4860::1", "http"),
        ("10.0.0.1", {"x_forwarded_for": "2001:4860::1"}, "2001:4860::1", "http"),
        ("::ffff:10.0.0.1", {"x_forwarded_for": "203.0.113.9"}, "203.0.113.9", "http"),
        ("fd00::7", {"x_forwarded_for": "203.0.113.9"}, "203.0.113.9", "http"),
        # the right-most that is no proxy; what stands further left may be made up
        ("10.0.0.1", {"x_forwarded_for": "1.2.3.4, 203.0.113.9"}, "203.0.113.9", "http"),
        ("10.0.0.1", {"x_forwarded_for": "1.2.3.4, 203.0.113.9, 10.0.0.2"}, "203.0.113.9", "http"),
        ("10.0.0.1", {"x_forwarded_for": "10.0.0.3, 10.0.0.2"}, "10.0.0.3", "http"),
        ("10.0.0.1", {"x_forwarded_for": "unknown"}, "10.0.0.1", "http"),
        ("10.0.0.1", {"x_forwarded_for": "1.2.3.4, nonsense"}, "10.0.0.1", "http"),
        ("10.0.0.1", {"x_forwarded_for": ",,,"}, "10.0.0.1", "http"),
        ("10.0.0.1", {"x_forwarded_proto": "https"}, "10.0.0.1", "https"),
        ("10.0.0.1", {"x_forwarded_proto": "gopher"}, "10.0.0.1", "http"),
        ("10.0.0.1", {"x_forwarded_proto": "http, https", "x_forwarded_for": "203.0.113.9"}, "203.0.113.9", "https"),
        ("10.0.0.1", {"forwarded": "for=203.0.113.9;proto=https"}, "203.0.113.9", "https"),
        ("10.0.0.1", {"forwarded": 'for="[2001:4860::1]:80"; Proto=HTTPS'}, "2001:4860::1", "https"),
        ("10.0.0.1", {"forwarded": "for=1.2.3.4, for=203.0.113.9, for=10.0.0.2"}, "203.0.113.9", "http"),
        ("10.0.0.1", {"forwarded": "for=1.2.3.4;;, for=_hidden"}, "10.0.0.1", "http"),
        ("10.0.0.1", {"forwarded": "for=1.2.3.4", "x_forwarded_for": "203.0.113.9"}, "203.0.113.9", "http"),
        # who is no trusted proxy is not believed
        ("192.0.2.9", {"x_forwarded_for": "1.2.3.4", "x_forwarded_proto": "https"}, "192.0.2.9", "http"),
        ("127.0.0.2", {"forwarded": "for=1.2.3.4;proto=https"}, "127.0.0.2", "http"),
    ],
)
def test_only_a_trusted_proxy_is_believed_about_its_caller(
    peer: str, headers: dict[str, str], client: str, scheme: str
) -> None:
    request = scope(peer, **headers)
    settle_caller(request, read_head(request), PROXIES)
    assert (request["client"][0], request["scheme"]) == (client, scheme)


@pytest.mark.parametrize(
    ("peer", "sent", "host"),
    [
        ("10.0.0.1", "polpo.example.com", b"polpo.example.com"),
        ("10.0.0.1", "evil/../x", b"inner"),
        ("10.0.0.1", "made-up.test, polpo.example.com:8443", b"polpo.example.com:8443"),
        ("192.0.2.9", "polpo.example.com", b"inner"),
    ],
)
def test_the_host_by_which_a_proxy_was_called_is_the_host(peer: str, sent: str, host: bytes) -> None:
    request = scope(peer, host="inner", x_forwarded_host=sent)
    settle_caller(request, read_head(request), PROXIES)
    assert [value for name, value in request["headers"] if name == b"host"] == [host]


@pytest.mark.parametrize(
    ("host", "allowed", "fits"),
    [
        ("polpo.example.com", "", True),
        ("polpo.example.com:8443", "", True),
        ("127.0.0.1:8065", "", True),
        ("[::1]:8065", "", True),
        ("my_server", "", True),
        ("a b", "", False),
        ("", "", False),
        ("evil@host", "", False),
        ("host/path", "", False),
        ("host:port", "", False),
        ("host:123456", "", False),
        ("one,two", "", False),
        ("<script>", "", False),
        ("Polpo.Example.com.", "polpo.example.com", True),
        ("polpo.example.com:8443", "polpo.example.com", True),
        ("other.example.com", "polpo.example.com", False),
        ("a.example.com", "*.example.com", True),
        ("example.com", "*.example.com", False),
        ("evilexample.com", "*.example.com", False),
        ("[::1]:80", "[::1]", True),
    ],
)
def test_a_host_that_is_none_or_another_s_is_refused(host: str, allowed: str, fits: bool) -> None:
    told = read_head(scope(host=host))
    if fits:
        check_host(told, [allowed] if allowed else [])
        return
    with pytest.raises(Invalid):
        check_host(told, [allowed] if allowed else [])


def test_two_hosts_are_none() -> None:
    request = scope(host="one.test")
    request["headers"].append((b"host", b"two.test"))
    with pytest.raises(Invalid):
        check_host(read_head(request), [])


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (scope(path="/api/" + "x" * 62_000), 414),
        (scope(query=b"a=" + b"x" * 62_000), 414),
        (scope(query=b"&" * 2000), 400),
        (scope(cookie="x" * 70_000), 431),
        (scope(**{f"x_{number}": "" for number in range(201)}), 431),
    ],
)
def test_a_head_that_is_too_large_is_refused(request_: dict[str, Any], status: int) -> None:
    with pytest.raises(AppError) as refused:
        read_head(request_)
    assert refused.value.status == status
