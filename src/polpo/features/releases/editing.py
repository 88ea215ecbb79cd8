"""What may still change in a release: version, notes and custom fields; packages and channel until it is deployed."""

from __future__ import annotations

from polpo.features.buildinformation.service import for_release
from polpo.features.channels.resource import CHANNELS, Channel
from polpo.features.channels.service import find_channel
from polpo.features.deployments.resource import DEPLOYMENTS
from polpo.features.releases.packages import needed_packages, selected, selection
from polpo.features.releases.resource import RELEASES, Release
from polpo.features.releases.selecting import PackageSelection
from polpo.features.releases.service import process_of_release, release_of_version
from polpo.features.releases.versioning import checked_version
from polpo.kernel.errors import Invalid, NotFound
from polpo.store.session import Session


def edit_release(session: Session, release: Release, wanted: Release) -> Release:
    """Takes over what may change, and leaves the rest as it is frozen. Packages that are not named stay."""
    version = checked_version(wanted.version) if wanted.version.strip() else release.version
    other = release_of_version(session, release.project_id, version)
    if other is not None and other.id != release.id:
        sentence = f"The project has another release {other.version}; choose another version."
        raise Invalid(sentence, [sentence])
    release.version = version
    release.release_notes = wanted.release_notes
    release.custom_fields = wanted.custom_fields
    _choose_anew(session, release, wanted)
    return session.update(RELEASES, release)


def _choose_anew(session: Session, release: Release, wanted: Release) -> None:
    """The channel and the packages, which the rules of the channel judge as they do when a release is made."""
    channel = _channel(session, release, wanted)
    process = process_of_release(session, release)
    needed = needed_packages(process, channel.id)
    before = selected(needed_packages(process, release.channel_id), release.selected_packages)
    chosen = before | selected(needed, wanted.selected_packages)
    if channel.id == release.channel_id and chosen == before:
        return
    _refuse_deployed(session, release)
    rules = PackageSelection(session, channel, ignore_rules=release.ignore_channel_rules)
    versions = rules.settle(needed, chosen)
    built = ((one.package.package_id, versions[one.key]) for one in needed)
    release.channel_id = channel.id
    release.selected_packages = selection(needed, versions)
    release.build_information = for_release(session, release.space_id, built)


def _channel(session: Session, release: Release, wanted: Release) -> Channel:
    if not wanted.channel_id or wanted.channel_id == release.channel_id:
        return session.get(CHANNELS, release.channel_id)
    try:
        return find_channel(session, release.project_id, wanted.channel_id)
    except NotFound as error:
        raise Invalid(error.message, [error.message]) from error


def _refuse_deployed(session: Session, release: Release) -> None:
    if session.first(DEPLOYMENTS, DEPLOYMENTS.table.c.release_id == release.id) is not None:
        sentence = (
            f"Release {release.version} has been deployed, so its channel and its packages stay as they are; make a new"
            " release for other ones."
        )
        raise Invalid(sentence, [sentence])
