"""A random case: a policy set and a trace, made of one number."""

from dataclasses import dataclass
from typing import Any

from tests.properties.oracle.dice import EFFECTS, KEYS, SCENES, THEMES, Dice, cast, users
from tests.properties.oracle.random_policies import policy_set
from tests.properties.oracle.random_traces import trace

Doc = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """The files of a policy set, as documents and texts, and the lines of a trace."""

    files: dict[str, Any]
    trace: list[Doc]


def random_case(seed: int, keys: frozenset[str] = KEYS) -> Case:
    """The case of a seed, in which nothing but some keys is used.

    In most cases it is a part of them, so that those few often meet.
    """
    dice = Dice(seed, keys)
    dice.keys = _fewer(dice)
    scene = dice.pick([SCENES[0], SCENES[0], *SCENES])
    guilds = [cast(number + 1) for number in range(2 if dice.may("guilds", 0.25) else 1)]
    user_ids = users(dice, scene)
    files = policy_set(dice, scene, guilds, user_ids)
    return Case(files, trace(dice, scene, guilds, user_ids))


def _fewer(dice: Dice) -> frozenset[str]:
    share = dice.pick([1.0, 0.7, 0.4, 0.2, 0.2])
    fewer = frozenset(key for key in sorted(KEYS) if dice.may(key, share))
    if share < 0.4:
        fewer |= dice.pick(THEMES) & dice.keys
    return fewer if fewer & set(EFFECTS) - {"allow"} else dice.keys
