"""`limits`: how much the rules of a guild, and one rule, may do at once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from voxguard.model.limits import DEFAULT_BUDGET, DEFAULT_FUSE, Budget, Fuse
from voxguard.policy.limits import MOST
from voxguard.policy.load import Loaded
from voxguard.policy.resolved import GuildPolicy, Rule

LoadRule = Callable[[str], Rule]
Problems = Callable[..., list[str]]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def load_limits(load_files: Callable[..., Loaded]) -> Callable[[str], GuildPolicy]:
    """Loads a guild with more keys in its guild.yaml."""

    def load(limits: str) -> GuildPolicy:
        text = f"version: 1\nguild:\n  id: 5\n  {limits}\nrules: {{one: {{then: {{mute: true}}}}}}"
        loaded = load_files({"guild.yaml": text})
        assert loaded.policy_set is not None, loaded.problems
        (guild,) = loaded.policy_set.guilds.values()
        return guild

    return load


def test_the_defaults_are_those_of_the_language() -> None:
    """Sixty actions a minute, and twenty-five members in half a minute."""
    assert (DEFAULT_BUDGET.max, DEFAULT_BUDGET.within) == (60, MINUTE)
    assert (DEFAULT_FUSE.members, DEFAULT_FUSE.within) == (25, timedelta(seconds=30))


@pytest.mark.parametrize(
    ("limits", "budget", "fuse"),
    [
        ("mode: enforce", DEFAULT_BUDGET, DEFAULT_FUSE),
        ("limits: {actions: {max: 5, within: 1m}}", Budget(5, MINUTE), DEFAULT_FUSE),
        ("limits: {fuse: {members: 2, within: 1m}}", DEFAULT_BUDGET, Fuse(2, MINUTE)),
        ("limits: {fuse: off}", DEFAULT_BUDGET, None),
        ("limits: {fuse: 'off', actions: {max: 1, within: 60s}}", Budget(1, MINUTE), None),
    ],
)
def test_a_guilds_limits(
    load_limits: Callable[[str], GuildPolicy], limits: str, budget: Budget, fuse: Fuse | None
) -> None:
    """Each has its own default; `off` is no fuse, quoted or not."""
    guild = load_limits(limits)
    assert (guild.budget, guild.fuse) == (budget, fuse)


@pytest.mark.parametrize(
    ("limits", "budget", "has_own_fuse", "fuse"),
    [
        ("", None, False, None),
        ("limits: {actions: {max: 5, within: 1m}}, ", Budget(5, MINUTE), False, None),
        ("limits: {fuse: {members: 2, within: 1m}}, ", None, True, Fuse(2, MINUTE)),
        ("limits: {fuse: off}, ", None, True, None),
    ],
)
def test_a_rules_own_limits(
    load_rule: LoadRule,
    limits: str,
    budget: Budget | None,
    has_own_fuse: bool,
    fuse: Fuse | None,
) -> None:
    """What it does not say is the guild's; to have none is to say something."""
    rule = load_rule(f"{{{limits}then: {{mute: true}}}}")
    assert (rule.budget, rule.has_own_fuse, rule.fuse) == (budget, has_own_fuse, fuse)


def test_limits_are_part_of_what_a_rule_means(load_rule: LoadRule) -> None:
    """To change one is to change its text, which makes its fuse whole."""
    written = [
        "",
        "limits: {fuse: off}, ",
        "limits: {fuse: {members: 25, within: 30s}}, ",
        "limits: {fuse: {members: 26, within: 30s}}, ",
        "limits: {fuse: {members: 25, within: 31s}}, ",
        "limits: {actions: {max: 60, within: 1m}}, ",
        "limits: {actions: {max: 61, within: 1m}}, ",
        "limits: {actions: {max: 60, within: 61s}}, ",
    ]
    meanings = {load_rule(f"{{{each}then: {{mute: true}}}}").meaning for each in written}
    assert len(meanings) == len(written)


@pytest.mark.parametrize(
    ("limits", "problem"),
    [
        ("{}", "VG012 No limit is named here."),
        ("off", "VG011 A mapping (`key: value`) is expected here, not 'off'."),
        ("", "VG011 There is no value here."),
        ("{actions: off}", "VG011 A mapping (`key: value`) is expected here, not 'off'."),
        ("{actions: {max: 5}}", "VG010 The key `within` is missing here."),
        ("{actions: {within: 1m}}", "VG010 The key `max` is missing here."),
        ("{actions: {max: 0, within: 1m}}", "VG012 This must be at least 1, not '0'."),
        (
            f"{{actions: {{max: {MOST + 1}, within: 1m}}}}",
            f"VG012 This must be at most {MOST}, not",
        ),
        ("{actions: {max: 5, within: 0s}}", "VG012 The duration '0s' is zero."),
        ("{fuse: on}", "VG011 A mapping (`key: value`) is expected here, not 'on'."),
        ("{fuse: false}", "VG011 A mapping (`key: value`) is expected here, not false."),
        ("{fuse: }", "VG011 There is no value here."),
        ("{fuse: {members: 0, within: 1m}}", "VG012 This must be at least 1, not '0'."),
        ("{fuse: {members: 1}}", "VG010 The key `within` is missing here."),
        ("{fuse: {members: 1, within: x}}", "VG012 'x' is not a duration."),
        ("{changes: {members: 1}}", "VG008 There is no key 'changes' here."),
    ],
)
def test_what_makes_no_sense_is_refused(problems_of: Problems, limits: str, problem: str) -> None:
    """Limits of changes are the guild's alone."""
    (found,) = problems_of(f"rules: {{one: {{limits: {limits}, then: {{mute: true}}}}}}\n")
    assert problem in found
