"""Variables whose value is the id of an account or a certificate: what stands behind it now, and who may not use it.

What they hold is read when the plan is made: it is not frozen with a release. One that may not be used here gives no
parts. It refuses a deployment only where its value is the one that holds, and something speaks of it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from polpo.features.accounts.parts import account_parts
from polpo.features.accounts.resource import ACCOUNTS, Account
from polpo.features.certificates.parts import certificate_parts
from polpo.features.certificates.resource import CERTIFICATES, Certificate
from polpo.features.deployments.plan import Plan, PlannedValue
from polpo.features.deployments.tenancy import Tenancy
from polpo.features.deployments.values import context_at, index_of
from polpo.features.environments.resource import ENVIRONMENTS, Environment
from polpo.features.variables.parts import Part
from polpo.languages.scoping import Context
from polpo.store.session import Session

#: Parts that are files in base64: scripts work with what is in them.
_FILES = frozenset({"JsonKey", "PrivateKeyFile", "CertificateBytes", "PrivateKey"})
#: The types of variables that have no parts.
_TEXTS = frozenset({"String", "Sensitive", "WorkerPool"})


@dataclass(frozen=True)
class Fault:
    """Why a value is of no use in this deployment, or of doubtful use."""

    value: PlannedValue
    sentence: str
    refuses: bool = True


@dataclass(frozen=True)
class References:
    """Looks up what the values of one plan name. Without `opens`, certificate files stay closed."""

    session: Session
    environment: Environment
    tenancy: Tenancy
    evaluate: Callable[[str], str]
    opens: bool = True

    def expand(self, values: Iterable[PlannedValue]) -> list[Fault]:
        """Gives the values their parts, where they have some."""
        named = [
            (value, self.evaluate(value.value).strip())
            for value in values
            if value.type not in _TEXTS and value.value.strip()
        ]
        ids = {identity for _, identity in named}
        accounts, certificates = self.session.by_ids(ACCOUNTS, ids), self.session.by_ids(CERTIFICATES, ids)
        return [
            fault
            for value, identity in named
            for fault in self._settle(value, accounts.get(identity) or certificates.get(identity), identity)
        ]

    def _settle(self, value: PlannedValue, found: Account | Certificate | None, identity: str) -> Iterator[Fault]:
        what = "certificate" if value.type == "Certificate" else "account"
        if found is None or found.space_id != self.environment.space_id:
            yield Fault(
                value,
                f"The variable '{value.name}' names the {what} '{identity}', which does not exist in this space;"
                " choose another one.",
            )
            return
        called = f"The {what} '{found.name}' of the variable '{value.name}'"
        if (place := self._place_that_refuses(found)) is not None:
            yield Fault(
                value,
                f"{called} may not be used {place}; allow it in the settings of the {what}, or give the variable"
                " another value there.",
            )
            return
        if isinstance(found, Certificate):
            value.parts = list(certificate_parts(self.session, found, opens=self.opens))
            if found.not_after is not None and found.not_after <= self.session.clock.now():
                yield Fault(value, f"{called} expired on {found.not_after:%Y-%m-%d}.", refuses=False)
            return
        value.parts = list(account_parts(self.session, found))

    def _place_that_refuses(self, thing: Account | Certificate) -> str | None:
        here = {self.environment.id, self.environment.parent_environment_id}
        if thing.environment_ids and here.isdisjoint(thing.environment_ids):
            places = self.session.by_ids(ENVIRONMENTS, thing.environment_ids).values()
            return f"in {self.environment.name}, only in {', '.join(sorted(one.name for one in places))}"
        if not self.tenancy.uses(thing):
            return f"for {self.tenancy.tenant.name}" if self.tenancy.tenant else "without a tenant"
        return None


def tell_faults(plan: Plan, faults: Sequence[Fault]) -> None:
    """Puts those that count among the problems of the plan, or among its warnings."""
    if not faults:
        return
    holding = _holding(plan, {fault.value.name.casefold() for fault in faults})
    heard = "\n".join(_texts(plan)).casefold()
    for fault in faults:
        if id(fault.value) not in holding:
            continue
        is_mentioned = fault.value.name.casefold() in heard
        if fault.refuses and is_mentioned:
            plan.problems.append(fault.sentence)
        elif fault.refuses:
            plan.warnings.append(f"{fault.sentence} No step speaks of it, so the deployment goes on without it.")
        elif is_mentioned:
            plan.warnings.append(fault.sentence)


def _holding(plan: Plan, names: set[str]) -> set[int]:
    """Which of the values with these names are the ones that hold, for any step or target of the plan."""
    values = [value for value in plan.values if value.name.casefold() in names]
    index = index_of(values)
    places: list[Context] = [context_at(plan, None, None)]
    if any({"action", "machine", "role", "target_role"} & value.scope.keys() for value in values):
        acting = [action for step in plan.steps for action in step.acting]
        places += [context_at(plan, action, plan.targets.get(place)) for action in acting for place in action.places]
    return {id(winner.value) for place in places for winner in index.winners(place).values()}


def _texts(plan: Plan) -> Iterator[str]:
    """Everything that may refer to a variable."""
    yield from (text for step in plan.steps for action in step.acting for text in action.properties.values())
    yield from (value.value for value in plan.values if "#{" in value.value)


def hidden_in(parts: Iterable[Part]) -> Iterator[str]:
    """The texts of files that are secret: what their variables hold is base64."""
    for part in parts:
        if part.is_sensitive and part.name.rpartition(".")[2] in _FILES and (text := _decoded(part)) is not None:
            yield text


def _decoded(part: Part) -> str | None:
    try:
        return base64.b64decode(part.value, validate=True).decode("utf-8")
    except (binascii.Error, ValueError):
        return None  # no text in there
