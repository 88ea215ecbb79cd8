"""One file on its way to or from OCL: what it refers to, and all that is wrong with it, told at once."""

from __future__ import annotations

from polpo.languages.ocl.elements import Position
from polpo.languages.ocl.errors import OclMappingError
from polpo.languages.ocl.projects.references import References, is_expression

_NOUNS = {
    "Accounts": "account",
    "Actions": "step",
    "ActionNames": "step",
    "Certificates": "certificate",
    "Channels": "channel",
    "Environments": "environment",
    "Feeds": "feed",
    "GitCredentials": "Git credential",
    "Lifecycles": "lifecycle",
    "Machines": "deployment target",
    "Processes": "process",
    "Projects": "project",
    "Teams": "team",
    "Tenants": "tenant",
    "WorkerPools": "worker pool",
}


class Translation:
    def __init__(self, references: References) -> None:
        self._references = references
        self._faults: list[tuple[str, Position | None]] = []

    def slug_of(self, kind: str, identifier: str) -> str:
        if is_expression(identifier):
            return identifier
        found = self._references.slug_of(kind, identifier)
        return identifier if found is None else found

    def identifier_of(self, kind: str, slug: str, position: Position | None) -> str:
        """What is not found is a fault of the file, and is kept as it stands so that reading can go on."""
        if not slug or is_expression(slug):
            return slug
        found = self._references.identifier_of(kind, slug)
        if found is None:
            self.fault(f"There is no {_NOUNS.get(kind, kind)} '{slug}'", position)
            return slug
        return found

    def fault(self, sentence: str, position: Position | None = None) -> None:
        self._faults.append((sentence, position))

    def finish(self) -> None:
        """Raises what was found wrong, if anything."""
        if not self._faults:
            return
        sentences = [_with_place(sentence, position) for sentence, position in self._faults]
        count = len(sentences)
        message = sentences[0] if count == 1 else f"{sentences[0]} There are {count - 1} more faults in this file."
        position = self._faults[0][1]
        raise OclMappingError(
            message,
            sentences,
            line=position.line if position else None,
            column=position.column if position else None,
        )


def _with_place(sentence: str, position: Position | None) -> str:
    return f"{sentence} (line {position.line}, column {position.column})." if position else f"{sentence}."
