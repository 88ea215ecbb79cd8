"""Which repositories a restricted Git credential may be used for."""

from __future__ import annotations

import pytest

from polpo.features.gitcredentials.restrictions import is_allowed


@pytest.mark.parametrize(
    ("url", "pattern", "expected"),
    [
        ("https://github.com/acme/shop", "https://github.com/acme/*", True),
        ("https://GitHub.com/Acme/shop.git", "https://github.com/acme/*", True),
        ("https://github.com/acme/team/shop", "https://github.com/acme/*", True),
        ("https://github.com/acme/shop", "https://github.com/acme/shop", True),
        ("https://github.com/acme/shop", "github.com/acme/*", True),
        ("https://github.com/acme/shop", "*", True),
        ("https://github.com/acme/shop", "https://github.com", True),
        ("https://git.example.com/shop", "https://*.example.com/*", True),
        ("file:///srv/git/shop", "file:///srv/git/*", True),
        ("/srv/git/shop", "/srv/git/*", True),
        ("http://github.com/acme/shop", "https://github.com/acme/*", False),
        ("https://github.com/other/shop", "https://github.com/acme/*", False),
        ("https://evil.test/git.example.com/shop", "https://*.example.com/*", False),
        ("https://evil.test/x.example.com", "*.example.com", False),
        ("https://evil.test?.example.com/shop", "https://*.example.com/*", False),
        ("https://evil.test#.example.com/shop", "https://*.example.com/*", False),
        ("https://github.com/acme/../other/shop", "https://github.com/acme/*", False),
        ("https://github.com/acme/%2e%2e/other/shop", "https://github.com/acme/*", False),
    ],
)
def test_a_star_does_not_reach_over_the_host(url: str, pattern: str, expected: bool) -> None:
    assert is_allowed(url, ["https://elsewhere.test/*", pattern]) is expected
