"""Where an SSH connection goes and as whom, from what is stored of the machine."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from polpo.features.accounts.resource import ACCOUNTS, Account
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.machinepolicies.resource import MACHINE_POLICIES, MachinePolicy
from polpo.features.machines.addressing import address_of
from polpo.features.machines.resource import MACHINES, DeploymentTarget, Endpoint
from polpo.features.proxies.resource import PROXIES, Proxy
from polpo.features.sshknownhosts.resource import SSH_KNOWN_HOSTS, SshKnownHost
from polpo.kernel.errors import TaskError
from polpo.server.ways.ssh import ssh_address
from polpo.steps.places import MachineAddress
from polpo.store.database import Database
from polpo.store.documents import SensitiveValue

KEY = b"-----BEGIN OPENSSH PRIVATE KEY-----"
SPACE = "Spaces-1"


def secret(text: str) -> SensitiveValue:
    return SensitiveValue(has_value=True, new_value=text)


PASSWORD = {"account_type": "UsernamePassword", "username": "deploy", "password": secret("opensesame")}
KEY_PAIR = {
    "account_type": "SshKeyPair",
    "username": "deploy",
    "private_key_file": secret(base64.b64encode(KEY).decode()),
    "private_key_passphrase": secret("secret"),
}


def stored(
    database: Database,
    account: dict[str, Any],
    target: dict[str, Any] | None = None,
    fingerprint: str = "SHA256:x",
    environment_named: str = "",
) -> MachineAddress:
    """A target in the first of two environments with the account, which may be restricted to one of them."""

    def store(session: Any) -> MachineAddress:
        places = {
            name: session.insert(ENVIRONMENTS, Environment(space_id=SPACE, name=name, slug=name)).id
            for name in ("Test", "Live")
        }
        ids = [places[environment_named]] if environment_named else []
        made = session.insert(ACCOUNTS, Account(space_id=SPACE, name="SSH", environment_ids=ids, **account))
        proxy = session.insert(PROXIES, Proxy(space_id=SPACE, name="Out", host="proxy", port=3128))
        policy = session.insert(MACHINE_POLICIES, MachinePolicy(space_id=SPACE, name="A policy"))
        endpoint = Endpoint(
            communication_style="Ssh",
            host="web-1",
            port=2222,
            uri="ssh://web-1:2222/",
            fingerprint=fingerprint or None,
            host_key_algorithm="ssh-ed25519",
            account_id=made.id,
            proxy_id=proxy.id,
        )
        machine = DeploymentTarget(
            space_id=SPACE,
            name="web-1",
            endpoint=endpoint,
            uri=endpoint.uri,
            machine_policy_id=policy.id,
            environment_ids=[places["Test"]],
            **target or {},
        )
        return address_of(session.insert(MACHINES, machine), policy)

    return database.write_now(store)


def test_password_and_key_are_opened_and_the_rest_is_as_stored(database: Database) -> None:
    found = ssh_address(database, stored(database, PASSWORD))
    assert (found.host, found.port, found.fingerprint, found.algorithm) == ("web-1", 2222, "SHA256:x", "ssh-ed25519")
    assert (found.login.username, found.login.password, found.login.private_key) == ("deploy", "opensesame", b"")
    assert found.proxy is not None
    assert str(found.proxy) == "proxy:3128"
    assert "opensesame" not in repr(found)


def test_a_key_pair_is_opened_and_known_hosts_stand_in_for_a_fingerprint(database: Database) -> None:
    for space_id, host in ((SPACE, "h"), ("Spaces-2", "elsewhere")):
        known = SshKnownHost(space_id=space_id, host=host, key_type="ssh-rsa", public_key="AAAA")
        database.write_now(lambda session, one=known: session.insert(SSH_KNOWN_HOSTS, one))
    found = ssh_address(database, stored(database, KEY_PAIR, fingerprint=""))
    assert (found.login.private_key, found.login.passphrase) == (KEY, "secret")
    assert found.known_hosts == ("h ssh-rsa AAAA",)


@pytest.mark.parametrize(
    ("account", "target", "named", "told"),
    [
        (PASSWORD, {}, "Live", "cannot use the account 'SSH': it is restricted to Live, where the machine is not"),
        ({"account_type": "Token", "token": secret("x")}, {}, "", "it is of the type Token, and SSH needs"),
        (KEY_PAIR | {"private_key_file": None}, {}, "", "The account 'SSH' of web-1 has no key"),
    ],
)
def test_an_account_that_is_not_for_the_machine_is_refused(
    database: Database, account: dict[str, Any], target: dict[str, Any], named: str, told: str
) -> None:
    machine = stored(database, account, target, environment_named=named)
    with pytest.raises(TaskError, match=told):
        ssh_address(database, machine)


def test_an_account_that_clients_make_is_used_by_targets_of_tenants(database: Database) -> None:
    """Accounts are for untenanted deployments where nothing else is said; that is about variables."""
    tenanted = {"tenanted_deployment_participation": "Tenanted"}
    assert ssh_address(database, stored(database, PASSWORD, tenanted)).login.username == "deploy"


def test_an_account_of_the_environment_is_used_and_a_missing_one_told(database: Database) -> None:
    machine = stored(database, PASSWORD, environment_named="Test")
    assert ssh_address(database, machine).login.username == "deploy"
    machine.endpoint["AccountId"] = "Accounts-99"
    with pytest.raises(TaskError, match="The account 'Accounts-99' of web-1 does not exist any more"):
        ssh_address(database, machine)
    del machine.endpoint["AccountId"]
    with pytest.raises(TaskError, match="web-1 has no account to sign in with"):
        ssh_address(database, machine)
