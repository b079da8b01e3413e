"""Several worlds in one explanation: what differs between them is unknown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from voxguard.engine.explanation import (
    ExpectedDecision,
    Explanation,
    LeafExplanation,
    RuleExplanation,
    Verdict,
    WantExplanation,
)
from voxguard.engine.readings import UNKNOWN_VALUE
from voxguard.model.decisions import Decision

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class World:
    """What is explained in one world, where nothing is unknown."""

    exempt_by: tuple[str, ...]
    exempt_who: tuple[LeafExplanation, ...]
    rules: tuple[RuleExplanation, ...]
    decisions: tuple[Decision, ...]


def merge_worlds(worlds: Sequence[World], at: datetime) -> Explanation:
    """One explanation for all of the worlds, of which there is at least one."""
    exempt = _agreed([Verdict.YES if world.exempt_by else Verdict.NO for world in worlds])
    return Explanation(
        at=at,
        exempt=exempt,
        exempt_by=_every(world.exempt_by for world in worlds),
        exempt_who=_leaves([world.exempt_who for world in worlds]),
        rules=tuple(map(_rule, zip(*(world.rules for world in worlds), strict=True))),
        decisions=_decisions(worlds),
    )


def _agreed(verdicts: Sequence[Verdict]) -> Verdict:
    return verdicts[0] if len(set(verdicts)) == 1 else Verdict.UNKNOWN


def _agreed_instant(instants: Sequence[datetime | None]) -> datetime | None:
    return instants[0] if len(set(instants)) == 1 else None


def _agreed_number(numbers: Sequence[int | None]) -> int | None:
    return numbers[0] if len(set(numbers)) == 1 else None


def _every(parts: Iterable[tuple[T, ...]]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(item for part in parts for item in part))


def _earliest(instants: Iterable[datetime | None]) -> datetime | None:
    return min((instant for instant in instants if instant is not None), default=None)


def _value(values: Sequence[object]) -> object:
    first = values[0]
    if isinstance(first, dict):
        same = [value for value in values if isinstance(value, dict)]
        return {key: _value([value[key] for value in same]) for key in first}
    return first if all(value == first for value in values) else UNKNOWN_VALUE


def _leaves(worlds: Sequence[tuple[LeafExplanation, ...]]) -> tuple[LeafExplanation, ...]:
    return tuple(
        replace(
            leaves[0],
            value=_value([leaf.value for leaf in leaves]),
            verdict=_agreed([leaf.verdict for leaf in leaves]),
            changes_at=_agreed_instant([leaf.changes_at for leaf in leaves]),
            off_by=_agreed_number([leaf.off_by for leaf in leaves]),
        )
        for leaves in zip(*worlds, strict=True)
    )


def _want(wants: Sequence[WantExplanation]) -> WantExplanation:
    return replace(wants[0], standings=_every(want.standings for want in wants))


def _rule(rules: Sequence[RuleExplanation]) -> RuleExplanation:
    first = rules[0]
    excused = [rule.excused for rule in rules if rule.excused is not None]
    unless = [rule.unless for rule in rules if rule.unless is not None]
    return replace(
        first,
        conditions=_leaves([rule.conditions for rule in rules]),
        unless=_leaves(unless) if unless else None,
        matches=_agreed([rule.matches for rule in rules]),
        due_at=_earliest(rule.due_at for rule in rules),
        excused=_agreed(excused) if excused else None,
        holds=_agreed([rule.holds for rule in rules]),
        obstacles=_every(rule.obstacles for rule in rules),
        changes_at=_earliest(rule.changes_at for rule in rules),
        wants=tuple(map(_want, zip(*(rule.wants for rule in rules), strict=True))),
    )


def _decisions(worlds: Sequence[World]) -> tuple[ExpectedDecision, ...]:
    found: dict[tuple[object, ...], list[Decision]] = {}
    for world in worlds:
        for each in world.decisions:
            key = (each.rule, each.effect, each.mode, *sorted(each.params.items()))
            found.setdefault(key, []).append(each)
    return tuple(
        ExpectedDecision(
            rule=same[0].rule,
            effect=same[0].effect,
            params=same[0].params,
            mode=same[0].mode,
            certain=len(same) == len(worlds),
        )
        for same in found.values()
    )
