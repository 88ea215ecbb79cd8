"""What the commands of the agent have in common: which agent is meant, and how to sign in to a server."""

from __future__ import annotations

import sys
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import cyclopts
from cyclopts import Parameter

if TYPE_CHECKING:
    from polpo.agent.configuration import Instance
    from polpo.agent.server_api import ServerApi

agent = cyclopts.App(
    name="agent",
    help="The agent on a target or worker: register it with a server, and run it.",
    default_parameter=Parameter(negative=()),
)

Words = tuple[str, ...]


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Which:
    """The agent that a command is about."""

    home: Annotated[Path | None, Parameter(help="The agent's folder; each instance has one of its own.")] = None
    instance: Annotated[str | None, Parameter(help="The agent's name, where this machine has several.")] = None

    def find(self) -> Instance:
        from polpo.agent.instances import found

        return found(self.home, self.instance)

    @property
    def name(self) -> str:
        from polpo.agent.instances import DEFAULT_NAME

        return self.instance or (self.home.name if self.home else DEFAULT_NAME)

    def __str__(self) -> str:
        """As it is to be said again on the command line."""
        if self.home is not None:
            return f" --home {self.home}"
        return f" --instance '{self.instance}'" if self.instance else ""


@Parameter(name="*")
@dataclass(frozen=True, kw_only=True)
class Login:
    """A server, and one way of signing in to it."""

    server: Annotated[str, Parameter(help="Address of the server, such as https://deploy.example.com.")] = ""
    api_key: Annotated[
        str,
        Parameter(
            name=["--api-key", "--apiKey"],
            env_var="POLPO_API_KEY",
            help="API key of somebody who may create machines there.",
        ),
    ] = ""
    bearer_token: Annotated[
        str,
        Parameter(
            name=["--bearer-token", "--bearerToken"],
            env_var="POLPO_BEARER_TOKEN",
            help="An access token, instead of an API key.",
        ),
    ] = ""
    username: Annotated[
        str, Parameter(name=["--username", "-u"], help="A user, with --password, instead of an API key.")
    ] = ""
    password: Annotated[
        str, Parameter(name=["--password", "-p"], env_var="POLPO_PASSWORD", help="That user's password.")
    ] = ""

    def connect(self) -> AbstractAsyncContextManager[ServerApi]:
        """The server's API; Invalid when no server or not exactly one way of signing in was given."""
        from polpo.agent.server_api import Credentials, connected

        named = Credentials(self.api_key, self.bearer_token, self.username, self.password)
        if self.username:  # said on the command line, it counts more than a key of the environment
            named = Credentials(username=self.username, password=self.password)
        named.check()
        return connected(self.server, named)


THE_ONE = Which()
NOBODY = Login()


def is_true(text: str) -> bool:
    """The original's commands take `True` and `False` where ours have a plain option."""
    from polpo.kernel.errors import Invalid

    if text.casefold() not in {"true", "false"}:
        raise Invalid(f"Say True or False, not '{text}'.")
    return text.casefold() == "true"


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
