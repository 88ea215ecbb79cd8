"""Tokens of accounts that have no secret of their own: issued when a piece of work begins, and known to it alone."""

from __future__ import annotations

from collections.abc import Iterator

from polpo.features.accounts.parts import TOKEN, WITH_TOKEN
from polpo.features.deployments.plan import Plan
from polpo.features.deployments.values import Values
from polpo.features.deployments.walk import Piece, Walk
from polpo.features.subjecttokens.issuing import TokenWish
from polpo.kernel.errors import TaskError

#: The token of the account that a step uses, as steps of the original read it.
_OF_THE_STEP = "Octopus.OpenIdConnect.Jwt"
_OF_THE_TARGET = "Octopus.Account"
_TYPE = ".AccountType"


def token_accounts(plan: Plan, values: Values) -> dict[str, str]:
    """The ids of such accounts by the names of the variables that hold them, in their order.

    Whoever writes variables may write what looks like an account. Only those count that the plan has found to be of
    this space and for this place.
    """
    known = set(_accounts(plan))
    found = (name.removesuffix(_TYPE) for name, text in values.texts.items() if text in WITH_TOKEN)
    return {name: identity for name in found if (identity := values.texts.get(f"{name}.Id")) in known and identity}


def _accounts(plan: Plan) -> Iterator[str]:
    for value in plan.values:
        yield from (part.value for part in value.parts if part.name == "Id")
    for target in plan.targets.values():
        yield from (part.value for part in target.variables if part.name == f"{_OF_THE_TARGET}.Id")


async def with_tokens(walk: Walk, piece: Piece) -> Values:
    """The values of the piece with fresh tokens. One that cannot be issued is told in the log, and stays empty.

    A token goes into no plan. What is journalled of it is sealed, so that a resumed task hides it in later output.
    """
    accounts = token_accounts(walk.plan, piece.values)
    if not accounts or walk.equipment.tokens is None:
        return piece.values
    tokens: dict[str, str] = {}
    for variable, identity in accounts.items():
        try:
            token = await walk.equipment.tokens.issue(_wish(walk, piece, identity))
        except TaskError as error:
            walk.run.log.once(f"no-token/{piece.key}/{variable}", piece.node, "Warning", error.message)
            continue
        await walk.run.keep_secret(token)
        tokens[f"{variable}.{TOKEN}"] = token
    if tokens:
        tokens[_OF_THE_STEP] = tokens.get(f"{_named(piece, accounts)}.{TOKEN}") or next(iter(tokens.values()))
    return Values({**piece.values.texts, **tokens}, piece.values.secrets | tokens.keys())


def _named(piece: Piece, accounts: dict[str, str]) -> str:
    """The variable whose account the step names, by the variable's name or the account's id; or the target's."""
    said = {text.strip().removeprefix("#{").removesuffix("}") for text in piece.action.properties.values()}
    return next((name for name, identity in accounts.items() if {name, identity} & said), _OF_THE_TARGET)


def _wish(walk: Walk, piece: Piece, account_id: str) -> TokenWish:
    facts = walk.plan.fixed.get
    runbook = facts("Octopus.Runbook.Id", "")
    places = {
        "space": facts("Octopus.Space.Id", ""),
        "project": facts("Octopus.Project.Id", ""),
        "runbook": runbook,
        "tenant": walk.plan.tenant_id or "",
        "environment": walk.plan.environment_id,
    }
    return TokenWish(account_id, "runbook" if runbook else "deployment", places)
