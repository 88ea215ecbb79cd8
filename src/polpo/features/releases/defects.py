"""Defects: a release with an unresolved one is kept from going further than it has come."""

from __future__ import annotations

from polpo.features.releases.resource import DEFECTS, Defect, Release
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.rest.collection import stamp
from polpo.store.session import Session


def unresolved_defect(session: Session, release_id: str) -> Defect | None:
    """Why the release may go no further; None when nothing is in its way."""
    table = DEFECTS.table
    return session.first(DEFECTS, table.c.release_id == release_id, table.c.status == "Unresolved")


def report_defect(call: Call, release: Release, description: str) -> Defect:
    """Prevents the progression of the release. One reason at a time."""
    if not description.strip():
        sentence = "Description is missing; say why the release must not go further."
        raise Invalid(sentence, [sentence])
    if (open_one := unresolved_defect(call.session, release.id)) is not None:
        sentence = (
            f"The progression of release {release.version} is prevented already: {open_one.description} Resolve that"
            " first."
        )
        raise Invalid(sentence, [sentence])
    defect = Defect(space_id=release.space_id, release_id=release.id, description=description.strip())
    stamp(call, defect)
    return call.session.insert(DEFECTS, defect)


def resolve_defect(call: Call, release: Release) -> Defect:
    """Lets the release go further again."""
    defect = unresolved_defect(call.session, release.id)
    if defect is None:
        sentence = f"The progression of release {release.version} is not prevented, so there is nothing to resolve."
        raise Invalid(sentence, [sentence])
    defect.status = "Resolved"
    stamp(call, defect)
    return call.session.update(DEFECTS, defect)
