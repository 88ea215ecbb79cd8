"""Changing tag sets: what is renamed is renamed wherever it is used, and what is used cannot go."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from polpo.features.tagsets.holders import Use, uses
from polpo.features.tagsets.resource import DEFAULT_COLOUR, TAG_SETS, Tag, TagSet
from polpo.kernel.errors import Conflict, Invalid
from polpo.rest.call import Call
from polpo.store.session import Session

_MAX_NAME = 200
_SHOWN = 10


def settle_tag_set(call: Call, tag_set: TagSet, before: TagSet | None) -> None:
    """Fills what clients leave out and refuses names that could not be told apart."""
    tag_set.scopes = list(dict.fromkeys(tag_set.scopes)) or (list(before.scopes) if before else ["Tenant"])
    tag_set.is_system = False
    if before is None and tag_set.sort_order == 0:
        tag_set.sort_order = _next_place(call.session, call.space)
    if faults := _faults(tag_set):
        raise Invalid(faults[0] if len(faults) == 1 else "The tag set cannot be saved.", faults)
    if before is None:
        tag_set.id, _ = call.session.new_id(TAG_SETS.name)
    _complete_tags(call.session, tag_set, before)
    if before is not None:
        _refuse_removal(call.session, tag_set, before)
        rename_uses(call.session, tag_set, before)


def _next_place(session: Session, space_id: str) -> int:
    table = TAG_SETS.table
    last = session.first(TAG_SETS, table.c.space_id == space_id, order=[table.c.sort_order.desc()])
    return last.sort_order + 1 if last else 0


def _faults(tag_set: TagSet) -> list[str]:
    faults = []
    if "/" in tag_set.name:
        faults.append("Name: the name of a tag set cannot have a slash; it parts the set from the tag.")
    if tag_set.type == "FreeText" and tag_set.tags:
        faults.append("Tags: a set of free texts has no tags of its own; remove them or choose another type.")
    seen: set[str] = set()
    for number, tag in enumerate(tag_set.tags, start=1):
        tag.name = tag.name.strip()
        if not tag.name:
            faults.append(f"Tags: tag {number} needs a name.")
        elif len(tag.name) > _MAX_NAME:
            faults.append(f"Tags: the name of tag {number} has more than {_MAX_NAME} characters.")
        elif tag.name.casefold() in seen:
            faults.append(f"Tags: there are two tags with the name '{tag.name}'; choose another one.")
        seen.add(tag.name.casefold())
    return faults


def _complete_tags(session: Session, tag_set: TagSet, before: TagSet | None) -> None:
    """A tag is the one it was by its id, or by its name where a client sends no id."""
    known = {tag.id: tag for tag in before.tags} if before else {}
    by_name = {tag.name.casefold(): tag.id for tag in known.values()}
    sent = {tag.id for tag in tag_set.tags}
    taken: set[str] = set()
    for tag in tag_set.tags:
        if tag.id not in known or tag.id in taken:
            same = by_name.get(tag.name.casefold(), "")
            tag.id = same if same and same not in sent else ""
        tag.id = tag.id or f"{tag_set.id}/{session.new_id('Tags')[0]}"
        taken.add(tag.id)
        tag.color = tag.color.strip() or DEFAULT_COLOUR
        tag.canonical_tag_name = f"{tag_set.name}/{tag.name}"
    if len({tag.sort_order for tag in tag_set.tags}) < len(tag_set.tags):
        for place, tag in enumerate(tag_set.tags):
            tag.sort_order = place


# -- what is in use


def refuse_used(call: Call, tag_set: TagSet) -> None:
    """A set cannot be deleted while something has one of its tags."""
    found = list(uses(call.session, call.space, f"{tag_set.name}/", _of_set(tag_set)))
    _refuse(f"The tag set '{tag_set.name}' cannot be deleted", found)


def _refuse_removal(session: Session, tag_set: TagSet, before: TagSet) -> None:
    kept = {tag.id for tag in tag_set.tags}
    for tag in before.tags:
        if tag.id not in kept:
            found = uses(session, before.space_id, tag.canonical_tag_name, _same_as(tag))
            _refuse(f"The tag '{tag.canonical_tag_name}' cannot be removed", found)
    if (tag_set.type == "FreeText") != (before.type == "FreeText"):
        found = uses(session, before.space_id, f"{before.name}/", _of_set(before))
        _refuse(f"The type of the tag set '{before.name}' cannot become {tag_set.type}", found)
    lost = set(before.scopes) - set(tag_set.scopes)
    if lost:
        every = uses(session, before.space_id, f"{before.name}/", _of_set(before))
        found = (use for use in every if any(one.scope in lost for one in use.lists))
        _refuse(f"The tag set '{before.name}' cannot lose the scope {', '.join(sorted(lost))}", found)


def _refuse(what: str, found: Iterable[Use]) -> None:
    named = [use.title for use in found]
    if named:
        more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
        raise Conflict(
            f"{what} because it is in use by {', '.join(named[:_SHOWN])}{more}.",
            [f"In use by {name}." for name in named[:_SHOWN]],
        )


def _same_as(tag: Tag) -> Callable[[str], bool]:
    wanted = tag.canonical_tag_name.casefold()
    return lambda given: given.casefold() == wanted


def _of_set(tag_set: TagSet) -> Callable[[str], bool]:
    prefix = f"{tag_set.name}/".casefold()
    return lambda given: given.casefold().startswith(prefix)


def rename_uses(session: Session, tag_set: TagSet, before: TagSet) -> None:
    """Gives everything that has a tag its new name, frozen snapshots too: a scope must go on to mean what it meant."""
    after = {tag.id: tag.canonical_tag_name for tag in tag_set.tags}
    renamed = {
        tag.canonical_tag_name: after[tag.id]
        for tag in before.tags
        if after.get(tag.id, tag.canonical_tag_name) != tag.canonical_tag_name
    }
    if not renamed and (tag_set.type != "FreeText" or tag_set.name == before.name):
        return
    prefix, prefix_after = f"{before.name}/", f"{tag_set.name}/"

    def new_name(tag: str) -> str:
        if tag_set.type == "FreeText" and tag.startswith(prefix):
            return prefix_after + tag.removeprefix(prefix)
        return renamed.get(tag, tag)

    for use in list(uses(session, before.space_id, prefix, lambda tag: new_name(tag) != tag)):
        for held in use.lists:
            held.put([new_name(tag) for tag in held.tags])
        session.update(use.kind, use.document)
