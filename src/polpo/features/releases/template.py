"""What a form for a new release shows: the packages that need a version, and the version that comes next."""

from __future__ import annotations

from polpo.features.channels.resource import Channel
from polpo.features.feeds.service import find_feed
from polpo.features.processes.resource import ReleaseTemplate, ReleaseTemplatePackage
from polpo.features.releases.creation import planned_version
from polpo.features.releases.gitresources import template_git_resources
from polpo.features.releases.packages import NeededPackage, PackageKey, needed_packages, selected
from polpo.features.releases.resource import Release, SelectedPackage
from polpo.features.releases.service import StoredVersions, newest_release
from polpo.features.releases.sources import Source
from polpo.kernel.errors import Invalid, NotFound
from polpo.rest.call import Call


def release_template(call: Call, source: Source, channel: Channel, release: Release | None) -> ReleaseTemplate:
    """`release` is the one that is edited; without it the form is for a new one."""
    session, project, process = call.session, source.project, source.process
    needed = needed_packages(process, channel.id)
    before = release or newest_release(session, project.id, channel.id) or newest_release(session, project.id)
    versions = _versions(needed, before)
    last = StoredVersions(session, project.id).highest_release()
    strategy = project.versioning_strategy
    donor = strategy.donor_package if strategy else None
    return ReleaseTemplate(
        deployment_process_id=process.id,
        last_release_version=last.version if last else None,
        next_version_increment="" if donor else _next(call, source, channel),
        versioning_package_step_name=donor.deployment_action if donor else None,
        versioning_package_reference_name=donor.package_reference if donor else None,
        packages=[shown_package(call, one, versions.get(one.key)) for one in needed],
        git_resources=template_git_resources(process, channel.id, before.selected_git_resources if before else []),
        links={
            "Self": f"/api/{project.space_id}/projects/{project.id}/deploymentprocesses/template",
            **({"LastRelease": f"/api/{project.space_id}/releases/{last.id}"} if last else {}),
        },
    )


def _next(call: Call, source: Source, channel: Channel) -> str:
    """Empty when the template cannot be evaluated: the form still opens, and making the release tells why."""
    try:
        return planned_version(call, source, channel)
    except Invalid:
        return ""


def _versions(needed: list[NeededPackage], release: Release | None) -> dict[PackageKey, str]:
    return versions_chosen_before(needed, release.selected_packages if release else [])


def versions_chosen_before(needed: list[NeededPackage], rows: list[SelectedPackage]) -> dict[PackageKey, str]:
    """What an earlier selection chose, as far as today's process still has those packages."""
    known = {(one.action.name.casefold(), one.reference.casefold()) for one in needed}
    kept = [row for row in rows if (row.action_name.casefold(), (row.package_reference_name or "").casefold()) in known]
    return selected(needed, kept)


def shown_package(call: Call, needed: NeededPackage, last: str | None) -> ReleaseTemplatePackage:
    """As a form shows it; `last` is the version that was chosen before."""
    package = needed.package
    try:
        feed_name = find_feed(call.session, call.space, package.feed_id).name
    except NotFound:
        feed_name = package.feed_id  # a variable, or a feed that was deleted: the form shows what the step says
    return ReleaseTemplatePackage(
        action_name=needed.action.name,
        package_reference_name=needed.reference,
        package_id=package.package_id,
        feed_id=package.feed_id,
        feed_name=feed_name,
        step_name=needed.step.name,
        is_resolvable=needed.is_resolvable,
        fixed_version=package.version or None,
        version_selected_last_release=last,
        nu_get_package_id=package.package_id,
        nu_get_feed_id=package.feed_id,
        nu_get_feed_name=feed_name,
    )
