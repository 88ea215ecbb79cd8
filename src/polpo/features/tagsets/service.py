"""Rules of tags: what may be given to a resource, what a filter of tags means, and which sets there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

import msgspec
import sqlalchemy as sa

from polpo.features.tagsets.holders import TagList, tag_lists
from polpo.features.tagsets.resource import TAG_SETS, TagScope, TagSet
from polpo.kernel.errors import Invalid
from polpo.store.documents import Resource
from polpo.store.lines import any_line, bounded, has_line
from polpo.store.session import Session


def check_tags(session: Session, space_id: str, document: msgspec.Struct, *, describes: bool) -> None:
    """Refuses tags anywhere in the document that do not exist or do not belong there; spells the rest as their sets do.

    `describes`: the tags tell about the document itself, so a set of which one may be chosen gives one only. Else they
    are a filter, as on a step or a target.
    """
    if faults := tag_faults(session, space_id, document, describes=describes):
        raise Invalid(faults[0] if len(faults) == 1 else "The tags cannot be used.", faults)


class _Given(Resource):
    tenant_tags: list[str]


def known_tags(session: Session, space_id: str, tags: Iterable[str]) -> list[str]:
    """Tags of tenants that are given outside of a document, as in a command, as their sets spell them; or a refusal."""
    given = _Given(list(tags))
    check_tags(session, space_id, given, describes=False)
    return given.tenant_tags


def tag_faults(session: Session, space_id: str, document: msgspec.Struct, *, describes: bool) -> list[str]:
    """As `check_tags`, but the faults are returned, for a caller that tells them along with others."""
    held = [one for one in tag_lists(document) if one.tags]
    if not held:
        return []
    sets = sets_by_name(session, space_id)
    return [fault for one in held for fault in _settle(one, sets, describes=describes)]


def sets_by_name(session: Session, space_id: str) -> dict[str, TagSet]:
    """The tag sets of the space by their name without case."""
    return {one.name.casefold(): one for one in session.all(TAG_SETS, TAG_SETS.table.c.space_id == space_id)}


def tags_of_scope(session: Session, space_id: str, scope: TagScope) -> list[str]:
    """Every tag that may describe such a thing, in the order of the sets."""
    table = TAG_SETS.table
    sets = session.all(TAG_SETS, table.c.space_id == space_id, has_line(table.c.scope_lines, scope))
    return [tag.canonical_tag_name for one in sets for tag in one.tags]


def _settle(held: TagList, sets: dict[str, TagSet], *, describes: bool) -> list[str]:
    faults = []
    kept: dict[str, str] = {}
    per_set: dict[str, list[str]] = defaultdict(list)
    for given in held.tags:
        tag_set = sets.get(set_of(given).casefold())
        canonical = _canonical(given, tag_set)
        if tag_set is None or canonical is None:
            faults.append(_unknown(held.path, given, tag_set))
        elif held.scope not in tag_set.scopes:
            faults.append(
                f"{held.path}: the tag set '{tag_set.name}' is not for {held.scope.lower()}s, so '{given}' cannot stand"
                " here; add the scope to the set or use another one."
            )
        elif canonical.casefold() not in kept:
            kept[canonical.casefold()] = canonical
            per_set[tag_set.name].append(canonical)
    if describes:
        single = [name for name, chosen in per_set.items() if len(chosen) > 1 and _is_single(sets[name.casefold()])]
        faults += [
            f"{held.path}: only one tag of '{name}' may be chosen, not {', '.join(per_set[name])}." for name in single
        ]
    held.put(list(kept.values()))
    return faults


def _is_single(tag_set: TagSet) -> bool:
    return tag_set.type != "MultiSelect"


def _canonical(given: str, tag_set: TagSet | None) -> str | None:
    """The tag as its set spells it; None when the set has no such tag."""
    name = given.partition("/")[2].strip()
    if tag_set is None or not name:
        return None
    if tag_set.type == "FreeText":
        return f"{tag_set.name}/{name}"
    return next((tag.canonical_tag_name for tag in tag_set.tags if tag.name.casefold() == name.casefold()), None)


def _unknown(path: str, given: str, tag_set: TagSet | None) -> str:
    if "/" not in given:
        return f"{path}: '{given}' is no tag; name it as 'Tag set/Tag'."
    if tag_set is None:
        return f"{path} names the tag '{given}', but there is no tag set '{set_of(given)}' in this space."
    return f"{path} names the tag '{given}', but the tag set '{tag_set.name}' has no such tag."


# -- filters


def set_of(canonical: str) -> str:
    """The name of the set that a canonical tag name speaks of."""
    return canonical.partition("/")[0].strip()


def by_set(tags: Iterable[str]) -> dict[str, list[str]]:
    grouped: dict[str, list[str]] = defaultdict(list)
    for tag in tags:
        grouped[set_of(tag).casefold()].append(tag)
    return grouped


def unmatched(tags: Collection[str], wanted: Iterable[str]) -> list[str]:
    """The tags of the filter that stand in the way: any tag of each set is enough, but of every set one is needed."""
    have = {tag.casefold() for tag in tags}
    return [
        tag for group in by_set(wanted).values() if not any(one.casefold() in have for one in group) for tag in group
    ]


def matches_tags(tags: Collection[str], wanted: Collection[str]) -> bool:
    """Whether tags pass a filter. A filter without tags passes nothing: it is no filter."""
    return bool(wanted) and not unmatched(tags, wanted)


def tag_condition(column: sa.ColumnElement[str], wanted: Iterable[str]) -> sa.ColumnElement[bool]:
    """The same algebra in the database, over a column of tag lines."""
    return sa.and_(*(any_line(column, group) for group in by_set(bounded(wanted)).values()))
