"""Rules of accounts."""

from __future__ import annotations

import asyncio

from polpo.features.accounts.resource import ACCOUNTS, Account
from polpo.features.accounts.sshkeys import open_private_key
from polpo.features.accounts.types import settle_type
from polpo.features.processes.usages import refuse_when_named
from polpo.features.tagsets.service import tag_faults
from polpo.kernel.errors import Invalid
from polpo.rest.call import Call
from polpo.store.documents import SensitiveValue
from polpo.store.session import Session


def settle_account(call: Call, account: Account, before: Account | None) -> None:
    """The type of an account stays, and each type needs its own properties; the tags of tenants exist."""
    if before is not None and account.account_type != before.account_type:
        sentence = f"AccountType cannot be changed; the account is of the type {before.account_type}."
        raise Invalid(sentence, [sentence])
    faults = [*settle_type(account, before), *tag_faults(call.session, call.space, account, describes=False)]
    if faults:
        raise Invalid(faults[0] if len(faults) == 1 else "The account cannot be saved.", faults)


async def check_key(call: Call, account: Account, before: Account | None) -> None:
    """Opens a private key that is new, or has a new passphrase, off the threads that serve others."""
    if account.account_type != "SshKeyPair":
        return
    given = (account.private_key_file, account.private_key_passphrase)
    stored = (before.private_key_file, before.private_key_passphrase) if before else (None, None)
    if not any(_is_new(one, other) for one, other in zip(given, stored, strict=True)):
        return
    with call.database.read() as session:
        key, passphrase = (_text(session, one, other) for one, other in zip(given, stored, strict=True))
    if key:
        await asyncio.to_thread(open_private_key, key, passphrase)


def _is_new(given: SensitiveValue | None, stored: SensitiveValue | None) -> bool:
    if given is None:
        return False
    return bool(given.new_value) or (stored is not None and stored.has_value and not given.has_value)


def _text(session: Session, given: SensitiveValue | None, stored: SensitiveValue | None) -> str | None:
    if given is None or (given.new_value is None and given.has_value):
        return session.reveal(stored)
    return given.new_value


def refuse_used(call: Call, account: Account) -> None:
    """Targets and workers refer to accounts by themselves; steps and variables only hold an account's id as text."""
    refuse_when_named(call.session, ACCOUNTS, account)
