"""What a server needs before it can answer: the schema, the default documents, the first administrator."""

from __future__ import annotations

from dataclasses import dataclass

from polpo.features.spaces.resource import SPACES
from polpo.features.spaces.service import SpaceEquipment, default_space
from polpo.features.teams.service import ADMINISTRATORS, join, space_managers_of
from polpo.features.users.passwords import argon2id, refuse_weak
from polpo.features.users.resource import USERS, User
from polpo.features.users.service import ensure_administrator
from polpo.kernel.secrets import new_api_key
from polpo.server.settings import Settings
from polpo.store.database import Database
from polpo.store.session import Session


@dataclass(frozen=True)
class FirstSignIn:
    """Shown once, when the server made the administrator's password itself."""

    username: str
    password: str


def prepare(database: Database, settings: Settings, equipment: SpaceEquipment) -> FirstSignIn | None:
    """Brings the data to what this version needs. Idempotent; runs at every start."""
    password = settings.admin_password
    with database.read() as session:
        fresh = session.count(USERS) == 0
    shown = None
    if fresh and not password and not settings.admin_api_key:
        password = new_api_key()[4:20].lower()
        shown = FirstSignIn(settings.admin_username, password)
    if password:
        refuse_weak(password, User(username=settings.admin_username))
    hashed = argon2id().hash(password) if password else None

    def work(session: Session) -> None:
        if session.find(SPACES, default_space().id) is None:
            session.insert(SPACES, default_space())
        equipment.give_server(session)
        for space in session.all(SPACES):
            equipment.give(session, space.id)
        if fresh or hashed or settings.admin_api_key:
            first = ensure_administrator(session, settings.admin_username, hashed, settings.admin_api_key or None)
            join(session, ADMINISTRATORS, first.id)
            join(session, space_managers_of(default_space().id), first.id)

    database.write_now(work)
    return shown
