"""The slugs that files of a project name things by, against the ids of the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from polpo.features.processes.resource import DeploymentAction, DeploymentStep
from polpo.features.runbooks.resource import RUNBOOKS
from polpo.languages.ocl.projects import references as names
from polpo.rest.collection import slugify
from polpo.store.kinds import Kind, kinds
from polpo.store.session import Session

_OF_THE_PROJECT = {names.CHANNELS}


class ProjectReferences:
    """Looks up one thing at a time, for a file names few of very many. `steps` are those of the project.

    Steps and actions of a project in Git have their slugs as ids; `steps` with other ids come from the database.
    """

    def __init__(self, session: Session, space_id: str, project_id: str, steps: Iterable[DeploymentStep] = ()) -> None:
        self._session = session
        self._space_id = space_id
        self._project_id = project_id
        parts: list[DeploymentStep | DeploymentAction] = []
        for step in steps:
            parts += [step, *step.actions]
        self._slug_by_id = {part.id: part.slug for part in parts}
        self._slug_by_name = {part.name: part.slug for part in parts}
        self._name_by_slug = {part.slug: part.name for part in parts}
        self._plain: dict[str, Mapping[str, str]] = {}

    def slug_of(self, kind: str, identifier: str) -> str | None:
        if kind == names.ACTIONS:
            return self._slug_by_id.get(identifier)
        if kind == names.ACTION_NAMES:
            return self._slug_by_name.get(identifier)
        if kind == names.PROCESSES:
            return self._process_slug(identifier)
        known = self._kind(kind)
        if known is None:
            return None
        if "slug" not in known.table.c:
            return next((slug for slug, found in self._plain_slugs(known).items() if found == identifier), None)
        table = known.table
        return self._one(sa.select(table.c.slug).where(table.c.id == identifier, *self._bounds(kind, known)))

    def identifier_of(self, kind: str, slug: str) -> str | None:
        if kind == names.ACTIONS:
            return slug
        if kind == names.ACTION_NAMES:
            return self._name_by_slug.get(slug, slug)
        if kind == names.PROCESSES:
            return self._process_id(slug)
        known = self._kind(kind)
        if known is None:
            return slug
        table, bounds = known.table, self._bounds(kind, known)
        if "slug" not in table.c:
            by_slug = self._plain_slugs(known).get(slug)
            return by_slug or self._one(sa.select(table.c.id).where(table.c.id == slug, *bounds))
        return self._one(sa.select(table.c.id).where(table.c.slug == slug, *bounds)) or self._one(
            sa.select(table.c.id).where(sa.or_(table.c.id == slug, table.c.name_key == slug.casefold()), *bounds)
        )

    def _kind(self, name: str) -> Kind[Any] | None:
        """None where this server has no such things; they are then kept as they are written."""
        return kinds.get(name)

    def _bounds(self, name: str, kind: Kind[Any]) -> list[sa.ColumnElement[bool]]:
        columns = kind.table.c
        bounds = []
        if "space_id" in columns:
            in_space = columns.space_id == self._space_id
            bounds.append(sa.or_(in_space, columns.space_id.is_(None)) if name == names.TEAMS else in_space)
        if name in _OF_THE_PROJECT:
            bounds.append(columns.project_id == self._project_id)
        return bounds

    def _plain_slugs(self, kind: Kind[Any]) -> Mapping[str, str]:
        """Ids by a slug made of the name, for kinds that keep none."""
        if kind.name not in self._plain:
            table = kind.table
            rows = self._session.connection.execute(
                sa.select(table.c.id, table.c.name).where(*self._bounds(kind.name, kind))
            )
            self._plain[kind.name] = {slugify(name): identity for identity, name in rows}
        return self._plain[kind.name]

    def _one(self, statement: sa.Select[Any]) -> str | None:
        found = self._session.connection.execute(statement.limit(1)).scalar()
        return str(found) if found else None

    def _process_slug(self, identifier: str) -> str | None:
        if identifier == self._project_id:
            return "deployment-process"
        found = self.runbook_slug(identifier)
        return f"runbook/{found}" if found else None

    def _process_id(self, slug: str) -> str | None:
        if slug in {"deployment-process", self._project_id}:
            return self._project_id
        return self.runbook_id(slug.removeprefix("runbook/")) if slug.startswith("runbook/") else slug

    def runbook_slug(self, identifier: str) -> str | None:
        in_git = f"Runbooks-{self._project_id}-"
        if identifier.startswith(in_git):
            return identifier.removeprefix(in_git)
        return self._runbook("slug", "id", identifier)

    def runbook_id(self, slug: str) -> str:
        """A runbook that was in the database before keeps its id; others are called by their project and slug."""
        return self._runbook("id", "slug", slug) or f"Runbooks-{self._project_id}-{slug}"

    def _runbook(self, wanted: str, by: str, value: str) -> str | None:
        columns = RUNBOOKS.table.c
        return self._one(sa.select(columns[wanted]).where(columns[by] == value, columns.project_id == self._project_id))
