"""The parts of addresses: address, part, result."""

import pytest

from polpo.languages.substitution import VariableDictionary

RELATIVE = "This operation is not supported for a relative URI."


def part_of(address: str, part: str) -> str | None:
    return VariableDictionary([("X", address)]).evaluate_with_errors(f"#{{X | UriPart {part}}}", halt=True).text


@pytest.mark.parametrize(
    ("address", "part", "expected"),
    [
        ("http://Shop.Example:80/a?b#c", "Authority", "shop.example"),
        ("http://shop.example:8080", "SchemeAndServer", "http://shop.example:8080"),
        ("redis://cache", "AbsoluteUri", "redis://cache/"),
        ("foo://h?q", "PathAndQuery", "/?q"),
        ("foo:///p", "IsLoopback", "true"),
        ("http://loopback/x", "Host", "localhost"),
        ("http://10.1", "Host", "10.0.0.1"),
        ("http://0x7f.1", "IsLoopback", "true"),
        ("http://300.1.1.1", "HostNameType", "Dns"),
        ("http://a.-b", "HostNameType", "Basic"),
        ("http://[0:0:0:0:0:FFFF:10.0.0.9]/", "Host", "[::ffff:10.0.0.9]"),
        ("http://[2001:DB8::1]:81/", "DnsSafeHost", "2001:db8::1"),
        ("http://h/%2e%2e/x/./y", "AbsolutePath", "/x/y"),
        ("http://h/%C3%BC%FF", "Path", "/ü%FF"),
        ("file:///C:/a b/c.txt", "AbsolutePath", "C:/a%20b/c.txt"),
        ("file:///C|/a", "AbsoluteUri", "file:///C:/a"),
        ("file:///C:/a?q#f", "Query", "?q"),
        (r"C:\logs\a#b", "AbsoluteUri", "file:///C:/logs/a%23b"),
        (r"C:\logs\a#b", "Path", r"C:\logs\a#b"),
        (r"\\nas\share\50%", "AbsoluteUri", "file://nas/share/50%25"),
        ("file:////nas/share", "IsUnc", "true"),
        ("file://nas", "Path", r"\\nas"),
    ],
)
def test_a_part_of_an_absolute_address_is_given(address, part, expected):
    assert part_of(address, part) == expected


@pytest.mark.parametrize(
    "address", ["/etc/hosts", "//h/x", "shop.example", "http:", "https:/x", "ftp:x", "file:x", "C:"]
)
def test_what_has_no_authority_is_relative(address):
    assert part_of(address, "IsAbsoluteUri") == "false"
    assert part_of(address, "Host") == f"[UriPart Host error: {RELATIVE}]"


@pytest.mark.parametrize(
    "address",
    ["http://", "http://a..b/", "http://.a", "http://a@b@c/", "http://h:99999/", "a:b", "C:x", "http://a%41/"],
)
def test_what_is_no_address_comes_back_whatever_the_part(address):
    assert part_of(address, "Host") == address
    assert part_of(address, "Nonsense") == address
