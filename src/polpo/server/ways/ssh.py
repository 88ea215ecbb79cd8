"""Machines that are reached by SSH: the account is opened, and the proxy looked up, when a connection is made."""

from __future__ import annotations

from polpo.features.accounts.resource import ACCOUNTS, Account
from polpo.features.machines.service import machines_by_ids
from polpo.features.machines.signingin import misuse
from polpo.features.sshknownhosts.service import known_host_lines
from polpo.kernel.errors import Invalid, TaskError
from polpo.kernel.keyfiles import decoded
from polpo.server.places import Notify, Way
from polpo.server.ways.agents import policy_of
from polpo.server.ways.proxies import proxy_of
from polpo.steps.places import MachineAddress
from polpo.store.database import Database
from polpo.store.session import Session
from polpo.transports.ssh.address import Login, SshAddress
from polpo.transports.ssh.pool import SshConnections
from polpo.transports.ssh.transport import SshTransport
from polpo.transports.transport import Transport

_USUAL_PORT = 22


def way_to_ssh(database: Database, connections: SshConnections) -> Way:
    def reach(machine: MachineAddress, notify: Notify | None) -> Transport:
        return SshTransport(
            connections,
            lambda: ssh_address(database, machine),
            name=machine.name,
            policy=policy_of(machine),
            notify=notify,
        )

    return reach


def ssh_address(database: Database, machine: MachineAddress) -> SshAddress:
    """Where and as whom; TaskError when the machine's account is gone, cannot be used for it, or is of no use."""
    endpoint = machine.endpoint
    fingerprint = endpoint.get("Fingerprint", "")
    proxy = proxy_of(database, endpoint.get("ProxyId"))
    with database.read() as session:
        login = _login(session, machine)
        known = () if fingerprint else known_host_lines(session, _space_of(session, machine))
    port = int(machine.uri.rstrip("/").rpartition(":")[2] or _USUAL_PORT)
    return SshAddress(
        host=endpoint.get("Host", ""),
        port=port,
        login=login,
        fingerprint=fingerprint,
        algorithm=endpoint.get("HostKeyAlgorithm", ""),
        known_hosts=known,
        proxy=proxy,
    )


def _space_of(session: Session, machine: MachineAddress) -> str:
    """Whose known hosts count: of the account's space, which is the machine's."""
    return session.get(ACCOUNTS, machine.endpoint["AccountId"]).space_id


def _login(session: Session, machine: MachineAddress) -> Login:
    identity = machine.endpoint.get("AccountId", "")
    if not identity:
        raise TaskError(f"{machine.name} has no account to sign in with; choose one in its settings.")
    account = session.find(ACCOUNTS, identity)
    if account is None:
        raise TaskError(f"The account '{identity}' of {machine.name} does not exist any more; choose another one.")
    stored = machines_by_ids(session, [machine.id]).get(machine.id)
    if stored is not None and (fault := misuse(session, account, stored)):
        raise TaskError(f"{machine.name} cannot use the account '{account.name}': {fault}")
    return _opened(session, account, machine.name)


def _opened(session: Session, account: Account, name: str) -> Login:
    username = account.username or ""
    if account.account_type == "UsernamePassword":
        return Login(username, password=session.reveal(account.password) or "")
    if account.account_type == "SshKeyPair":
        try:
            key = decoded("PrivateKeyFile", session.reveal(account.private_key_file) or "")
        except Invalid as error:
            raise TaskError(f"The account '{account.name}' of {name} has no key: {error.message}") from error
        return Login(username, private_key=key, passphrase=session.reveal(account.private_key_passphrase) or "")
    raise TaskError(
        f"{name} cannot use the account '{account.name}': it is of the type {account.account_type}, and SSH needs a"
        " key pair or a user name with a password."
    )
