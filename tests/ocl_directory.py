"""References for tests of project files: an id is `<Kind>-<slug>`, so that each can be told from its slug."""


class Directory:
    """Knows everything but what is called `gone`."""

    def slug_of(self, kind: str, identifier: str) -> str | None:
        return identifier.removeprefix(f"{kind}-") if identifier.startswith(f"{kind}-") else None

    def identifier_of(self, kind: str, slug: str) -> str | None:
        return None if "gone" in slug else f"{kind}-{slug}"


DIRECTORY = Directory()
