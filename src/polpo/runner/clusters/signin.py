"""`cluster-token`: kubectl asks for a token whenever it needs one, and is answered here.

What is needed to get it lies in a file that only this user may read, not in kubectl's arguments or environment. A token
is kept beside it, as long as it lives: kubectl itself forgets it with every call.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from typing import Dict, Mapping, Optional

from polpo.runner.clusters import amazon, azure, google
from polpo.runner.clusters.amazon import Token
from polpo.runner.errors import RunnerError
from polpo.runner.output import Output
from polpo.runner.scripts.payload import write_private

API = "client.authentication.k8s.io/v1beta1"
#: A token is not used any more when it has less than this left.
_LEFT = 60.0
_TIME = "%Y-%m-%dT%H:%M:%SZ"


def give_token(output: Output, question: str, environment: Mapping[str, str], now: float) -> None:
    """Print the token for the facts in the file, in the form that kubectl reads."""
    try:
        with open(question, encoding="utf-8") as source:
            facts: Dict[str, str] = json.load(source)
    except (OSError, ValueError) as error:
        raise RunnerError(f"The facts to sign in with cannot be read from {question}: {error}.") from None
    kept = f"{question}.token"
    token = _kept(kept, now)
    if token is None:
        token = new_token(facts, environment, now)
        _keep(kept, token)
    status = {"token": token.text, "expirationTimestamp": time.strftime(_TIME, time.gmtime(token.expires))}
    output.info(json.dumps({"apiVersion": API, "kind": "ExecCredential", "status": status}))


def new_token(facts: Mapping[str, str], environment: Mapping[str, str], now: float) -> Token:
    cloud = facts.get("Cloud")
    if cloud == "Azure":
        return azure.token(facts, now)
    if cloud == "Google":
        return google.token(facts, environment, now)
    return amazon.token(facts, environment, now)


def _kept(path: str, now: float) -> Optional[Token]:
    try:
        with open(path, encoding="utf-8") as source:
            kept = json.load(source)
        token = Token(str(kept["Token"]), float(kept["Expires"]))
        return token if token.expires - now > _LEFT else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _keep(path: str, token: Token) -> None:
    """Whole or not at all: several calls of kubectl may come at once."""
    temporary = f"{path}.{os.urandom(4).hex()}"
    with suppress(OSError):  # without it, the next call only asks once more
        write_private(temporary, json.dumps({"Token": token.text, "Expires": token.expires}))
        os.replace(temporary, path)
