"""Making releases: which channel, which versions of packages, which version of the release; then everything frozen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa

from polpo.features.buildinformation.service import for_release
from polpo.features.channels.gitrules import reference_refusal
from polpo.features.channels.resource import CHANNELS, Channel
from polpo.features.projects.resource import DEFAULT_VERSION_TEMPLATE, PROJECTS, Project
from polpo.features.releases.gitresources import selected_git_resources
from polpo.features.releases.notes import build_variables, release_notes
from polpo.features.releases.packages import NeededPackage, PackageKey, needed_packages, selection
from polpo.features.releases.resource import RELEASES, Release, SelectedGitResource
from polpo.features.releases.selecting import PackageSelection
from polpo.features.releases.service import StoredVersions, release_of_version
from polpo.features.releases.sources import Source
from polpo.features.releases.versioning import Line, asks_to_be_filled_in, checked_version, next_version
from polpo.features.variables.service import included_variables, text_of
from polpo.features.variables.snapshots import freeze_all
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.store.session import Session

#: Gives the chosen versions once the packages that the release needs are known.
Chooser = Callable[[list[NeededPackage]], Mapping[PackageKey, str]]


@dataclass
class Wanted:
    """What the maker of a release asks for.

    `prerelease` is an expression on the pre-release tags of the packages whose versions are looked up.
    """

    source: Source
    channel: Channel
    choose: Chooser
    version: str | None = None
    notes: str | None = None
    prerelease: str | None = None
    ignore_channel_rules: bool = False
    ignore_if_exists: bool = False
    custom_fields: dict[str, str] = field(default_factory=dict)
    git_resources: list[SelectedGitResource] = field(default_factory=list)

    @property
    def project(self) -> Project:
        return self.source.project


def make_release(call: Call, wanted: Wanted) -> tuple[Release, bool]:
    """The release and whether it is new. Invalid lists everything that is missing or against the channel's rules."""
    session, project, channel = call.session, wanted.project, wanted.channel
    _refuse_forbidden(wanted)
    _alone(session, project)
    if wanted.version and (existing := _existing(session, wanted, wanted.version)):
        return existing, False
    source = wanted.source
    needed = needed_packages(source.process, channel.id)
    packages = PackageSelection(
        session, channel, ignore_rules=wanted.ignore_channel_rules, prerelease=wanted.prerelease
    )
    versions = packages.settle(needed, wanted.choose(needed))
    version = _release_version(call, wanted, versions)
    if existing := _existing(session, wanted, version):
        return existing, False
    built = for_release(session, project.space_id, ((one.package.package_id, versions[one.key]) for one in needed))
    known = [*_template_variables(session, source, channel.id), *build_variables(needed, versions, built)]
    frozen = freeze_all(session, source.variables, project.included_library_variable_set_ids)
    release = Release(
        space_id=project.space_id,
        project_id=project.id,
        channel_id=channel.id,
        version=version,
        release_notes=release_notes(project, channel, wanted.notes, version, known),
        assembled=call.clock.now(),
        project_variable_set_snapshot_id=frozen.own,
        library_variable_set_snapshot_ids=frozen.library,
        project_deployment_process_snapshot_id=source.freeze_process(session),
        selected_packages=selection(needed, versions),
        selected_git_resources=selected_git_resources(
            source.process, channel, wanted.git_resources, ignore_rules=wanted.ignore_channel_rules
        ),
        build_information=built,
        custom_fields=wanted.custom_fields,
        ignore_channel_rules=wanted.ignore_channel_rules,
        version_control_reference=source.reference,
        deployment_settings=source.settings,
        created_by_id=call.identity.user_id if call.identity else "",
    )
    stamp(call, release)
    return session.insert(RELEASES, release), True


def _alone(session: Session, project: Project) -> None:
    """Two makers at once get two versions from a template: the second reads on only when the first is stored."""
    table = PROJECTS.table
    touched = sa.update(table).where(table.c.id == project.id).values(row_version=table.c.row_version)
    session.connection.execute(touched)


def _existing(session: Session, wanted: Wanted, version: str) -> Release | None:
    """The release of that version, if its maker is content with it."""
    found = release_of_version(session, wanted.project.id, version)
    if found is not None and not wanted.ignore_if_exists:
        sentence = f"The project '{wanted.project.name}' has a release {found.version} already; choose another version."
        raise Invalid(sentence, [sentence])
    return found


def _refuse_forbidden(wanted: Wanted) -> None:
    if wanted.project.is_disabled:
        sentence = f"The project '{wanted.project.name}' is disabled; enable it before you make a release."
        raise Invalid(sentence, [sentence])
    if wanted.ignore_channel_rules and not wanted.project.allow_ignore_channel_rules:
        sentence = f"The project '{wanted.project.name}' does not allow channel rules to be ignored."
        raise Invalid(sentence, [sentence])
    faults = list(_field_faults(wanted.channel, wanted.custom_fields))
    refusal = reference_refusal(wanted.channel, wanted.source.reference.git_ref) if wanted.source.reference else None
    if refusal and not wanted.ignore_channel_rules:
        faults.append(refusal)
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The release cannot be made.", faults)


def _field_faults(channel: Channel, given: Mapping[str, str]) -> Iterator[str]:
    """Every field that the channel defines has to be filled in, and no other."""
    defined = {definition.field_name.strip().casefold(): definition for definition in channel.custom_field_definitions}
    filled = {name.strip().casefold() for name, text in given.items() if text.strip()}
    for name in given:
        if name.strip().casefold() not in defined:
            yield f"CustomFields names '{name}', which the channel '{channel.name}' does not define."
    for key, definition in defined.items():
        if key not in filled:
            yield (
                f"CustomFields lacks '{definition.field_name}', which every release in the channel '{channel.name}' has"
                f" to have{f' ({definition.description})' if definition.description else ''}."
            )


# -- the version of the release


def _release_version(call: Call, wanted: Wanted, versions: Mapping[PackageKey, str]) -> str:
    given = (wanted.version or "").strip()
    if given:
        if asks_to_be_filled_in(given):
            return _from_template(call, wanted.source, wanted.channel, given)
        return checked_version(given)
    strategy = wanted.project.versioning_strategy
    donor = strategy.donor_package if strategy else None
    if donor is None or not donor.deployment_action:
        return planned_version(call, wanted.source, wanted.channel)
    key = (donor.deployment_action.casefold(), (donor.package_reference or "").casefold())
    if key not in versions:
        raise Invalid(
            f"The version of the release comes from the package of the step '{donor.deployment_action}', but this"
            " release has no such package; give the release a version."
        )
    return checked_version(versions[key])


def planned_version(call: Call, source: Source, channel: Channel) -> str:
    """What the project's template gives for the next release in the channel."""
    return version_by(call, source, channel, None)


def version_by(call: Call, source: Source, channel: Channel, template: str | None) -> str:
    """What a template gives for the next release in the channel; without one, the project's own."""
    strategy = source.project.versioning_strategy
    own = (strategy.template if strategy else None) or DEFAULT_VERSION_TEMPLATE
    return _from_template(call, source, channel, template or own)


def _from_template(call: Call, source: Source, channel: Channel, template: str) -> str:
    session, project = call.session, source.project
    channels = session.all(CHANNELS, CHANNELS.table.c.project_id == project.id)
    line = Line(StoredVersions(session, project.id), channel.id, {one.id: one.name for one in channels})
    return next_version(template, line, call.clock.now(), _template_variables(session, source, channel.id))


def _template_variables(session: Session, source: Source, channel_id: str) -> list[tuple[str, str]]:
    """Those of library sets, then the project's own; those scoped to the channel alone come last and win.

    Secrets stay out of versions.
    """
    library = included_variables(session, reversed(source.project.included_library_variable_set_ids))
    sets = [*library, source.variables]
    plain, scoped = [], []
    for variable in (variable for one in sets for variable in reversed(one.variables)):
        if variable.is_sensitive:
            continue
        scope = {name: getattr(variable.scope, name) for name in variable.scope.__struct_fields__}
        given = {name: values for name, values in scope.items() if values}
        if not given:
            plain.append((variable.name, text_of(session, variable)))
        elif given.keys() == {"channel"} and channel_id in given["channel"]:
            scoped.append((variable.name, text_of(session, variable)))
    return plain + scoped
