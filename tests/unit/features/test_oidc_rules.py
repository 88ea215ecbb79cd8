"""Which subjects fit, and which issuers are trusted."""

from __future__ import annotations

import pytest

from polpo.features.issuers.addresses import is_safe
from polpo.features.serviceaccounts.wildcards import fits


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("", "", True),
        ("", "a", False),
        ("abc", "abc", True),
        ("abc", "ABC", False),
        ("a?c", "abc", True),
        ("a?c", "ac", False),
        ("*", "", True),
        ("*", "anything:at/all", True),
        ("repo:o/r:ref:*", "repo:o/r:ref:refs/heads/main", True),
        ("repo:o/r:ref:*", "repo:o/r2:ref:main", False),
        ("repo:o/r:pull_request", "repo:o/r:pull_request", True),
        ("repo:o/r:pull_request", "repo:o/r:ref:refs/heads/main", False),
        ("repo:o/r:environment:prod*", "repo:o/r:environment:production", True),
        ("repo:o/r:ref:refs/tags/v?", "repo:o/r:ref:refs/tags/v1", True),
        ("repo:o/r:ref:refs/heads/*", "repo:o/r:ref:refs/tags/v1", False),
        ("repo:o/*:ref:refs/heads/main", "repo:evil/o:ref:refs/heads/main", False),
        ("*:main", "repo:main", True),
        ("*:main", "repo:main2", False),
        ("a*b*c", "a-b-b-c", True),
        ("a*b*c", "a-c-b", False),
        ("[ab]", "a", False),
        ("[ab]", "[ab]", True),
        ("a.c", "abc", False),
    ],
)
def test_wildcards(pattern: str, text: str, expected: bool) -> None:
    assert fits(pattern, text) is expected


def test_a_pattern_of_many_stars_is_judged_quickly() -> None:
    assert not fits("*a" * 500 + "b", "a" * 1000)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://token.actions.example", True),
        ("https://host.example:8443/path", True),
        ("http://127.0.0.1:9000", True),
        ("http://localhost", True),
        ("http://[::1]:80", True),
        ("http://host.example", False),
        ("http://127.0.0.1.example.com", False),
        ("http://localhost@host.example", False),
        ("ftp://host.example", False),
        ("https://", False),
        ("https://host.example:port", False),
        ("", False),
    ],
)
def test_trusted_addresses(address: str, expected: bool) -> None:
    assert is_safe(address) is expected
