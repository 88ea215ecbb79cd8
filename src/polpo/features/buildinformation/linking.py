"""Where the commits of a build can be seen, and which work items they resolve."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from polpo.features.buildinformation.resource import CommitDetail, WorkItemLink

#: By a part of the host's name: the path of a commit, and the tracker that belongs to the host.
_HOSTS = (
    ("github", "/commit/", "GitHub", "/issues/"),
    ("gitlab", "/-/commit/", "GitLab", "/-/issues/"),
    ("bitbucket", "/commits/", "Bitbucket", "/issues/"),
    ("dev.azure.com", "/commit/", None, ""),
)
_SSH = re.compile(r"(?:ssh://)?[\w.-]+@(?P<host>[\w.-]+)[:/](?P<path>[^\s]+)")
_RESOLVES = re.compile(r"\b(?:close[sd]?|fix(?:e[sd])?|resolve[sd]?)\s+#(\d{1,9})\b", re.IGNORECASE)


class Host:
    """The repository of a build, if its host is known; without one, nothing is linked."""

    def __init__(self, vcs_root: str) -> None:
        self._root, name = _web_address(vcs_root)
        known = next((host for host in _HOSTS if host[0] in name), None) if self._root else None
        self._commits = known[1] if known else ""
        self.tracker: str | None = known[2] if known else None
        self._issues = known[3] if known else ""

    def commit_url(self, number: str) -> str | None:
        return f"{self._root}{self._commits}{number}" if self._commits and number else None

    def work_items(self, commits: Iterable[CommitDetail]) -> list[WorkItemLink]:
        """What the comments say is closed, fixed or resolved, each once."""
        if self.tracker is None:
            return []
        numbers = dict.fromkeys(number for commit in commits for number in _RESOLVES.findall(commit.comment))
        return [
            WorkItemLink(
                id=f"#{number}",
                description=f"#{number}",
                link_url=f"{self._root}{self._issues}{number}",
                source=self.tracker,
            )
            for number in numbers
        ]


def _web_address(vcs_root: str) -> tuple[str, str]:
    """The address of the repository's page, without credentials, and its host; empty where it is none."""
    if match := _SSH.fullmatch(vcs_root.strip()):
        host, path = match["host"].lower(), match["path"]
    else:
        try:
            parts = urlsplit(vcs_root.strip())
            host, path = (parts.hostname or "").lower(), parts.path
        except ValueError:
            return "", ""
        if parts.scheme not in {"http", "https"} or not host:
            return "", ""
    return f"https://{host}/{path.strip('/').removesuffix('.git')}", host
