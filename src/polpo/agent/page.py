"""What a browser sees on the agent's port: that it lives, and who it is. Nothing of it is secret."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from polpo.halibut.runtime import Page
from polpo.version import __version__

_PAGE = """\
<!DOCTYPE html><html lang="en"><meta charset="utf-8"><title>{name}</title>
<body style="font-family:sans-serif;margin:4rem">
<h1>The agent &#8216;{name}&#8217; is running</h1>
<p>Polpo agent {version}</p>
<p>Thumbprint <code>{thumbprint}</code></p>
<p>This address is for deployment servers that the agent trusts; there is nothing to do here.</p>
"""


def page_of(name: Callable[[], str], thumbprint: str) -> Page:
    """`/livez` answers a single word, for monitors; every other path a page for people."""

    def page(path: str) -> tuple[str, str]:
        if path.partition("?")[0] == "/livez":
            return "text/plain", "ok\n"
        return "text/html", _PAGE.format(name=escape(name()), version=__version__, thumbprint=thumbprint)

    return page
