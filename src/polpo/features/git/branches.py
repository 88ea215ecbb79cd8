"""Branches, tags and commits as clients see them."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote

from polpo.features.git.mirrors import BRANCHES, CommitFacts, Mirror, Reference
from polpo.features.git.resource import CreateGitBranchRequest, GitBranch, GitCommit, GitReferenceResource, GitTag
from polpo.features.git.service import GitProject, is_protected
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.answers import Page
from polpo.rest.call import Paging

R = TypeVar("R", bound=GitReferenceResource)

_MAX_NAME = 200


def page_of(
    mirror: Mirror, prefix: str, search: str | None, paging: Paging, shown: Callable[[Reference], R]
) -> Page[R]:
    """Those whose names contain a text, by name."""
    sought = (search or "").casefold().removeprefix(prefix)
    names = [name for name in mirror.names(prefix) if sought in name.removeprefix(prefix).casefold()]
    kind = GitBranch if prefix == BRANCHES else GitTag
    part = [found for name in names[paging.skip : paging.skip + paging.take] if (found := mirror.find(name))]
    return Page([shown(one) for one in part], len(names), paging, kind.__name__)


def branch_of(opened: GitProject, mirror: Mirror, reference: Reference) -> GitBranch:
    branch = _filled(GitBranch(is_protected=is_protected(opened.settings, reference.name)), mirror, reference)
    branch.links = _links(opened, reference, "branches")
    return branch


def tag_of(opened: GitProject, mirror: Mirror, reference: Reference) -> GitTag:
    tag = _filled(GitTag(), mirror, reference)
    tag.links = _links(opened, reference, "tags")
    return tag


def commit_of(opened: GitProject, facts: CommitFacts) -> GitCommit:
    commit = GitCommit(id=facts.hash, name=facts.hash, canonical_name=facts.hash)
    commit.last_modified_on, commit.last_modified_by = facts.committed, facts.author
    commit.links = _links(opened, Reference("", facts.hash), "commits")
    return commit


def _filled(resource: R, mirror: Mirror, reference: Reference) -> R:
    facts = mirror.facts(reference.commit)
    resource.id, resource.name, resource.canonical_name = reference.canonical, reference.name, reference.canonical
    resource.last_modified_on, resource.last_modified_by = facts.committed, facts.author
    return resource


def _links(opened: GitProject, reference: Reference, folder: str) -> dict[str, str]:
    project = f"/api/{opened.project.space_id}/projects/{opened.project.id}"
    at = f"{project}/{quote(reference.canonical or reference.commit, safe='')}"
    return {
        "Self": f"{project}/git/{folder}/{quote(reference.name, safe='')}",
        "DeploymentProcess": f"{at}/deploymentprocesses",
        "DeploymentSettings": f"{at}/deploymentsettings",
        "Variables": f"{at}/variables",
        "Runbook": f"{at}/runbooks{{/id}}{{?skip,take,partialName}}",
        "ReleaseTemplate": f"{at}/deploymentprocesses/template{{?channel}}",
        "Channels": f"{project}/channels",
    }


def find_in(mirror: Mirror, prefix: str, name: str) -> Reference:
    found = mirror.find(prefix + name.removeprefix(prefix))
    if found is None:
        what = "branch" if prefix == BRANCHES else "tag"
        raise NotFound(f"The Git repository has no {what} '{name}'.")
    return found


def create_branch(mirror: Mirror, wanted: CreateGitBranchRequest) -> Reference:
    """A new branch at the commit of another branch, a tag or a commit."""
    name = wanted.new_branch_name.strip().removeprefix(BRANCHES)
    faults = _name_faults(name)
    base = mirror.find(wanted.base_git_ref.strip())
    if base is None:
        faults.append(f"BaseGitRef names '{wanted.base_git_ref}', which the Git repository does not have.")
    if not faults and mirror.find(BRANCHES + name) is not None:
        faults.append(f"The Git repository has a branch '{name}' already; choose another NewBranchName.")
    if faults or base is None:
        raise Invalid(faults[0], faults)
    mirror.push(base.commit, BRANCHES + name)
    return Reference(BRANCHES + name, base.commit)


def _name_faults(name: str) -> list[str]:
    odd = re.search(r"[\x00-\x20~^:?*\[\\\x7f]|\.\.|@\{|//|^[-/.]|/\.|[/.]$|\.lock(/|$)", name)
    if not name:
        return ["NewBranchName is missing."]
    if odd or len(name) > _MAX_NAME:
        return [f"NewBranchName must be the name of a branch in Git, such as fix-login; it is '{name[:100]}'."]
    return []
