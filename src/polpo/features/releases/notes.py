"""The notes of a release: what its maker wrote, else the project's template, with variables filled in."""

from __future__ import annotations

from collections.abc import Iterable

from polpo.features.channels.resource import Channel
from polpo.features.projects.resource import Project
from polpo.kernel.errors import Invalid
from polpo.languages.substitution import SubstitutionFailed, VariableDictionary


def release_notes(
    project: Project, channel: Channel, given: str | None, version: str, variables: Iterable[tuple[str, str]]
) -> str | None:
    """What names no variable stays as it was written: notes are prose, and a stray `#{` is no fault."""
    text = given or project.release_notes_template
    if not text or "#{" not in text:
        return text or None
    dictionary = VariableDictionary(variables)
    for name, value in {
        "Octopus.Release.Number": version,
        "Octopus.Release.Channel.Name": channel.name,
        "Octopus.Project.Id": project.id,
        "Octopus.Project.Name": project.name,
        "Octopus.Space.Id": project.space_id,
    }.items():
        dictionary.set(name, value)
    try:
        return dictionary.evaluate(text)
    except SubstitutionFailed as error:
        sentence = f"The release notes cannot be filled in: {error}"
        raise Invalid(sentence, [sentence]) from error
