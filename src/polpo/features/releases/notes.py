"""The notes of a release: what its maker wrote, else the project's template, with variables filled in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from polpo.features.buildinformation.resource import ReleasePackageVersionBuildInformation, WorkItemLink
from polpo.features.channels.resource import Channel
from polpo.features.projects.resource import Project
from polpo.features.releases.packages import NeededPackage, PackageKey
from polpo.kernel.errors import Invalid
from polpo.languages.substitution import SubstitutionFailed, VariableDictionary


def build_variables(
    needed: Sequence[NeededPackage],
    versions: Mapping[PackageKey, str],
    built: Iterable[ReleasePackageVersionBuildInformation],
) -> list[tuple[str, str]]:
    """The packages of a release, what was built for them and what that resolves, for loops in its notes."""
    known = {(one.package_id.casefold(), one.version.casefold()): one for one in built}
    pairs = dict.fromkeys((one.package.package_id, versions[one.key]) for one in needed if one.key in versions)
    variables = []
    for package_id, version in pairs:
        about = _package(package_id, version, known.get((package_id.casefold(), version.casefold())))
        variables += [(f"Octopus.Release.Package[{package_id}].{name}", text) for name, text in about.items()]
    work_items = {item.id: _item(item) for one in known.values() for item in one.work_items}
    return [
        *variables,
        ("Octopus.Release.Builds", json.dumps(_builds(known.values()))),
        ("Octopus.Release.WorkItems", json.dumps(list(work_items.values()))),
    ]


def _builds(built: Iterable[ReleasePackageVersionBuildInformation]) -> list[dict[str, object]]:
    """Each build once, with the packages that came out of it."""
    packages: dict[str, list[dict[str, str]]] = {}
    builds: dict[str, ReleasePackageVersionBuildInformation] = {}
    for one in built:
        key = one.build_url or f"{one.package_id} {one.version}"
        builds.setdefault(key, one)
        packages.setdefault(key, []).append({"PackageId": one.package_id, "Version": one.version})
    return [{**_build(one), "Packages": packages[key]} for key, one in builds.items()]


def _package(package_id: str, version: str, built: ReleasePackageVersionBuildInformation | None) -> dict[str, str]:
    """By name; what there are several of as JSON, which loops read."""
    if built is None:
        return {"PackageId": package_id, "Version": version}
    commits = [
        {"CommitId": one.id, "Id": one.id, "LinkUrl": one.link_url or "", "Comment": one.comment}
        for one in built.commits
    ]
    items = [_item(item) for item in built.work_items]
    lists = {"Commits": json.dumps(commits), "WorkItems": json.dumps(items)}
    return {"PackageId": package_id, "Version": version, **_build(built), **lists}


def _build(built: ReleasePackageVersionBuildInformation) -> dict[str, str]:
    return {
        "BuildEnvironment": built.build_environment,
        "BuildNumber": built.build_number,
        "BuildUrl": built.build_url,
        "Branch": built.branch,
        "VcsType": built.vcs_type,
        "VcsRoot": built.vcs_root,
        "VcsCommitNumber": built.vcs_commit_number,
        "VcsCommitUrl": built.vcs_commit_url or "",
    }


def _item(item: WorkItemLink) -> dict[str, str]:
    return {"Id": item.id, "LinkUrl": item.link_url or "", "Description": item.description or item.id}


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
