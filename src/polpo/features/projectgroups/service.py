"""Rules of project groups."""

from __future__ import annotations

from polpo.features.projectgroups.resource import PROJECT_GROUPS, ProjectGroup
from polpo.store.session import Session

DEFAULT_NAME = "Default Project Group"


def ensure_default_project_group(session: Session, space_id: str) -> ProjectGroup:
    """The group that a new space starts with. Made when the space has none yet."""
    table = PROJECT_GROUPS.table
    existing = session.first(PROJECT_GROUPS, table.c.space_id == space_id, order=[table.c.seq])
    if existing is not None:
        return existing
    group = ProjectGroup(space_id=space_id, name=DEFAULT_NAME, slug="default-project-group")
    return session.insert(PROJECT_GROUPS, group)
