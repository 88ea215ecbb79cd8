"""Locking out who guesses: failed sign-ins are counted, under the name that was tried and from the address that tried.

The counts are in the database, so they hold for all nodes. Each failure beyond the free ones doubles the time for which
every further attempt is refused, even one with the right password; an attempt that is refused for that is not counted,
so that nobody can be kept out for ever. A name is counted whether or not it is a user's: so the refusal does not tell.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from polpo.engine.tables import Moment
from polpo.kernel.errors import TooManyRequests
from polpo.kernel.secrets import hash_token
from polpo.store.kinds import metadata
from polpo.store.session import Session

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)

#: `subject` is a digest: what is typed as a name may be a password.
sign_in_failure = sa.Table(
    "sign_in_failure",
    metadata,
    sa.Column("subject", sa.Text, primary_key=True),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last", Moment, nullable=False),
    sa.Index("ix_sign_in_failure_last", "last"),
)


@dataclass(frozen=True)
class Subject:
    """What failures are counted under, how many of them are `free`, and how people are told of it."""

    key: str
    free: int
    told: str
    forgotten_after: timedelta = FORGOTTEN_AFTER

    def wait(self, count: int) -> timedelta:
        """For how long the last of so many failures has further attempts refused."""
        if count < self.free:
            return timedelta()
        return min(FIRST_WAIT * (1 << min(count - self.free, 10)), LONGEST_WAIT)


@dataclass(frozen=True)
class Failures:
    """How often it failed, and until when further attempts are refused; None when they are not."""

    count: int = 0
    until: datetime | None = None


def by_name(username: str, shown: str) -> Subject:
    return Subject(hash_token(f"name {username.strip().casefold()}"), 5, f"as '{shown}'")


def by_address(address: str) -> Subject | None:
    """Many people may share an address, so more is free. Who has an IPv6 address has 2^64 of them: they are one.

    None for this machine: behind a proxy on it that is not trusted, everybody would seem to be there.
    """
    network = _network(address)
    if network is None or network.is_loopback:
        return None
    return Subject(hash_token(f"address {network}"), 50, f"from {address}", timedelta(hours=1))


def _network(address: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return None
    if isinstance(parsed, ipaddress.IPv6Address):
        parsed = parsed.ipv4_mapped or parsed
    bits = 64 if parsed.version == 6 and not parsed.is_loopback else parsed.max_prefixlen
    return ipaddress.ip_network((parsed, bits), strict=False)


def failures_of(session: Session, subject: Subject) -> Failures:
    found = session.connection.execute(
        sa.select(sign_in_failure.c.failures, sign_in_failure.c.last).where(sign_in_failure.c.subject == subject.key)
    ).first()
    now = session.clock.now()
    if found is None or found.last <= now - subject.forgotten_after:
        return Failures()
    until = found.last + subject.wait(found.failures)
    return Failures(found.failures, until if until > now else None)


def refuse_locked_out(session: Session, subjects: Iterable[Subject]) -> None:
    until = max((found.until for one in subjects if (found := failures_of(session, one)).until), default=None)
    if until is not None:
        left = (until - session.clock.now()).total_seconds()
        raise TooManyRequests(f"Too many sign-ins have failed; try again in {told_time(left)}.", left)


def begin_attempt(session: Session, subjects: Iterable[Subject]) -> None:
    """Counts the attempt as failed before it is known to be, so that many at the same time are no way around."""
    subjects = list(subjects)
    refuse_locked_out(session, subjects)
    now = session.clock.now()
    session.connection.execute(sa.delete(sign_in_failure).where(sign_in_failure.c.last <= now - FORGOTTEN_AFTER))
    for one in subjects:
        _keep(session, one, failures_of(session, one).count + 1)


def forgive(session: Session, name: Subject, address: Subject | None) -> None:
    """The attempt succeeded. Failures from the address stay: its next guess may be about somebody else."""
    forget(session, name)
    if address is not None:
        take_back(session, [address])


def take_back(session: Session, subjects: Iterable[Subject]) -> None:
    """The attempt was none; those before it were."""
    for one in subjects:
        count = failures_of(session, one).count - 1
        if count > 0:
            taken = sa.update(sign_in_failure).where(sign_in_failure.c.subject == one.key)
            session.connection.execute(taken.values(failures=count))
        else:
            forget(session, one)


def forget(session: Session, subject: Subject) -> bool:
    """Lets the subject begin anew; whether there was anything to forget."""
    gone = session.connection.execute(sa.delete(sign_in_failure).where(sign_in_failure.c.subject == subject.key))
    return gone.rowcount > 0


def _keep(session: Session, subject: Subject, count: int) -> None:
    values = {"failures": count, "last": session.clock.now()}
    table = sign_in_failure
    changed = session.connection.execute(sa.update(table).where(table.c.subject == subject.key).values(**values))
    if not changed.rowcount:
        session.connection.execute(sa.insert(table).values(subject=subject.key, **values))


def told_time(seconds: float) -> str:
    """As people say it, never too short: "40 seconds", "8 minutes"."""
    if seconds <= 90:
        whole = max(1, -int(-seconds // 1))
        return f"{whole} second{'' if whole == 1 else 's'}"
    return f"{-int(-seconds // 60)} minutes"
