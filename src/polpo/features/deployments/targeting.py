"""Which targets an action runs on, and why not on the others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from polpo.features.deployments.plan import PlannedAction, PlannedTarget
from polpo.features.deployments.situation import Candidate, Situation, Wishes

#: Styles of targets that can be kept, but not be deployed to: ends of sentences about one.
_UNSERVED = {
    "KubernetesTentacle": (
        "an agent inside a Kubernetes cluster, to which this server cannot deploy yet; disable it, and add the cluster"
        " as a Kubernetes API target."
    ),
}


class Targeting:
    """Chooses among the targets of one situation. `warnings` and `problems` grow, each sentence once.

    That a step finds no target is only a problem when in the end no step has any.
    """

    def __init__(self, situation: Situation, wishes: Wishes) -> None:
        self._situation = situation
        self._wishes = wishes
        self._by_id = {one.target.id: one for one in situation.candidates}
        self._tags = {key: _folded(one.target.roles) for key, one in self._by_id.items()}
        self._specific, self._excluded = _folded(wishes.specific_tags), _folded(wishes.excluded_tags)
        self._skippable = _folded(situation.skippable_tags)
        self._without_targets: list[tuple[PlannedAction, str]] = []
        self._has_targets = False
        self.warnings: list[str] = []
        self.problems: list[str] = []
        self._check_wishes()

    def _check_wishes(self) -> None:
        known = frozenset[str]().union(*self._tags.values())
        for tag in (*self._wishes.specific_tags, *self._wishes.excluded_tags):
            if tag.casefold() not in known:
                self.problems.append(f"No target in {self._situation.environment_name} has the tag '{tag}'.")
        if not (self._wishes.specific_machines or self._specific):
            return
        chosen = [one for one in self._by_id.values() if self._is_chosen(one.target)]
        if not chosen:
            self.problems.append(f"None of the chosen targets is in {self._situation.environment_name}.")
        named = [one for one in chosen if one.target.id in self._wishes.specific_machines]
        for candidate in named:
            if candidate.is_disabled:
                self._warn(f"{candidate.target.name} was chosen but is disabled; nothing runs there.")

    def choose(self, action: PlannedAction) -> None:
        """Puts the targets into the action, or the reason why it is skipped."""
        if not action.roles:
            self.problems.append(
                f"Step '{action.name}' runs on deployment targets but names no target tag; give it one or let it run"
                " on the server."
            )
            return
        wanted = _folded(action.roles)
        fitting = [one for key, one in self._by_id.items() if wanted & self._tags[key]]
        for candidate in fitting:
            self._place(action, candidate)
        self._has_targets |= bool(action.targets)
        if not action.targets:
            self._no_targets(action, fitting)

    def choose_checked(self, action: PlannedAction, roles: Sequence[str]) -> None:
        """For what is done once but is about targets: those that would be used, and all that are there for the tags."""
        wanted = _folded(roles)
        fitting = [one for key, one in self._by_id.items() if wanted & self._tags[key]]
        for candidate in fitting:
            self._place(action, candidate)
        action.checks, action.targets = action.targets, []
        action.known = [one.target.id for one in fitting]

    def close(self) -> None:
        """After the last step: a deployment whose steps find nothing at all is refused where that is not permitted."""
        is_refused = not (self._situation.no_targets_permitted or self._has_targets)
        for action, reason in self._without_targets:
            if is_refused:
                self.problems.append(f"{reason}, so step '{action.name}' has nowhere to run; add one or tag one.")
            else:
                self._warn(f"Step '{action.name}' is skipped: {reason}.")

    def used(self, ids: Iterable[str]) -> dict[str, PlannedTarget]:
        found = {one: self._by_id[one] for one in sorted(ids)}
        return {
            one: msgspec.structs.replace(candidate.target, may_be_skipped=True)
            if self._may_be_skipped(candidate)
            else candidate.target
            for one, candidate in found.items()
        }

    # -- one target

    def _place(self, action: PlannedAction, candidate: Candidate) -> None:
        target = candidate.target
        if candidate.is_disabled:
            return
        if not self._is_chosen(target) or self._is_excluded(target):
            action.left_out.append(target.id)
        elif (why := self._unfitness(candidate)) is not None:
            action.unavailable.append(target.id)
            self._warn(f"{target.name} is {why} and is left out.")
        else:
            action.targets.append(target.id)
            if (why := _UNSERVED.get(target.style)) is not None:
                self.problems.append(f"Step '{action.name}' would run on {target.name}, {why}")
            if target.health_status == "Unavailable":
                self._warn(f"{target.name} was unavailable when it was last checked; its steps fail if it still is.")

    def _is_chosen(self, target: PlannedTarget) -> bool:
        if not (self._wishes.specific_machines or self._specific):
            return True
        return target.id in self._wishes.specific_machines or bool(self._specific & self._tags[target.id])

    def _is_excluded(self, target: PlannedTarget) -> bool:
        return target.id in self._wishes.excluded_machines or bool(self._excluded & self._tags[target.id])

    def _unfitness(self, candidate: Candidate) -> str | None:
        """Why the target is not used for what its last check said."""
        health = candidate.target.health_status
        if health == "Unavailable" and self._may_be_skipped(candidate):
            return "unavailable"
        return "unhealthy" if health == "Unhealthy" and self._situation.exclude_unhealthy else None

    def _may_be_skipped(self, candidate: Candidate) -> bool:
        if candidate.may_be_skipped:
            return True
        is_meant = not self._skippable or bool(self._skippable & self._tags[candidate.target.id])
        return self._situation.skip_unavailable and is_meant

    # -- no target

    def _no_targets(self, action: PlannedAction, fitting: Sequence[Candidate]) -> None:
        if action.left_out or action.unavailable:
            action.skip_reason = "Every target that it would run on is left out."
            action.lacks_targets = True
            return
        reason = f"There is no enabled target with the tag {', '.join(action.roles)} in"
        reason += f" {self._situation.environment_name}"
        if fitting:
            reason += f" ({', '.join(one.target.name for one in fitting)} disabled)"
        action.skip_reason = reason + "."
        action.lacks_targets = True
        self._without_targets.append((action, reason))

    def _warn(self, sentence: str) -> None:
        if sentence not in self.warnings:
            self.warnings.append(sentence)


def _folded(tags: Iterable[str]) -> frozenset[str]:
    return frozenset(map(str.casefold, tags))
