from collections.abc import Callable
from datetime import timedelta

import pytest

from voxguard.policy.resolved import Rule, RuleMode

LoadRule = Callable[..., Rule]


def test_a_rule_has_its_defaults(load_rule: LoadRule) -> None:
    """What is left out matches everything, at once, with priority 100."""
    rule = load_rule("{then: {mute: true}}")
    assert (rule.name, rule.priority, rule.mode) == ("one", 100, RuleMode.ENFORCE)
    assert (rule.description, rule.owner) == ("", "")
    assert (rule.conditions, rule.unless) == ((), None)
    assert (rule.lasting, rule.across_channels) == (None, False)
    assert str(rule.mark) == "guild.yaml:7:9"


def test_a_rule_with_everything(load_rule: LoadRule) -> None:
    """Conditions come in one order, however the blocks are written."""
    rule = load_rule(
        "{then: {mute: true}, unless: {where: lobby, who: {bot: true}}, priority: 0x10,"
        " when: {state: {camera: true}}, where: {kinds: voice, channels: lobby},"
        " who: {bot: false, roles: staff}, mode: observe, owner: us, description: why,"
        " for: {time: 1h30m, across_channels: true}}"
    )
    paths = [condition.path for condition in rule.conditions]
    assert paths == ["who/roles", "who/bot", "where/channels", "where/kinds", "when/state"]
    assert rule.unless is not None
    assert [condition.path for condition in rule.unless] == ["who/bot", "where/channels"]
    assert (rule.priority, rule.mode, rule.owner) == (16, RuleMode.OBSERVE, "us")
    assert (rule.lasting, rule.across_channels) == (timedelta(minutes=90), True)
    assert rule.order == (16, rule.severity, "one")


BASE = "{description: x, where: lobby, for: 1h, then: {mute: true}}"


@pytest.mark.parametrize(
    "same",
    [
        "{then: {mute: true}, for: 60m, where: ['801'], description: 'x'}",
        (
            "{description: x, owner: us, where: {channels: {any: [801, lobby]}}, for: 3600s,"
            " then: {mute: true}, priority: 100, mode: enforce}"
        ),
        (
            "{description: x, where: lobby, for: {time: 1h, across_channels: false},"
            " then: {mute: true}}"
        ),
    ],
)
def test_the_same_meaning(load_rule: LoadRule, same: str) -> None:
    """Writing, aliases, defaults and the owner are no part of it."""
    assert load_rule(same).meaning == load_rule(BASE).meaning


@pytest.mark.parametrize(
    "other",
    [
        "{description: y, where: lobby, for: 1h, then: {mute: true}}",
        "{description: x, where: afk, for: 1h, then: {mute: true}}",
        "{description: x, where: {channels: {none: lobby}}, for: 1h, then: {mute: true}}",
        "{description: x, where: lobby, for: 61m, then: {mute: true}}",
        "{description: x, where: lobby, then: {mute: true}}",
        (
            "{description: x, where: lobby, for: {time: 1h, across_channels: true},"
            " then: {mute: true}}"
        ),
        "{description: x, where: lobby, for: 1h, then: {deafen: true}}",
        "{description: x, where: lobby, for: 1h, then: {mute: true, allow: true}}",
        "{description: x, where: lobby, for: 1h, then: {mute: true, move: afk}}",
        "{description: x, where: lobby, for: 1h, mode: observe, then: {mute: true}}",
        "{description: x, where: lobby, for: 1h, priority: 99, then: {mute: true}}",
        "{description: x, where: lobby, for: 1h, unless: {who: {bot: true}}, then: {mute: true}}",
        "{description: x, where: lobby, who: {bot: false}, for: 1h, then: {mute: true}}",
        "{description: x, where: lobby, for: 1h, cooldown: 1h, then: {mute: true}}",
        "{description: x, where: lobby, for: 1h, cooldown: 2h, then: {mute: true}}",
        "{description: x, where: lobby, for: 1h, existing: spare, then: {mute: true}}",
        "{description: x, where: lobby, for: 1h, then: {mute: true, hold: 1h}}",
        "{description: x, where: lobby, for: 1h, then: {mute: false}}",
        "{description: x, where: lobby, for: 1h, limits: {fuse: off}, then: {mute: true}}",
        (
            "{description: x, where: lobby, for: 1h,"
            " escalate: {forget_after: 1h, steps: [{mute: true}]}}"
        ),
        (
            "{description: x, where: lobby, when: {entries: {min: 1, within: 1h}}, for: 1h,"
            " then: {mute: true}}"
        ),
        (
            "{description: x, where: lobby, when: {channel_entries: {min: 1, within: 1h}}, for: 1h,"
            " then: {mute: true}}"
        ),
        (
            "{description: x, where: lobby, when: {time_used: {min: 1h, per: day}}, for: 1h,"
            " then: {mute: true}}"
        ),
        (
            "{description: x, where: lobby, when: {time_used: {min: 1h, per: 24h}}, for: 1h,"
            " then: {mute: true}}"
        ),
    ],
)
def test_another_meaning(load_rule: LoadRule, other: str) -> None:
    """Everything else is."""
    assert load_rule(other).meaning != load_rule(BASE).meaning


def test_no_two_of_them_mean_the_same(load_rule: LoadRule) -> None:
    """Whatever a key says is told from all that others say."""
    text = "{{where: lobby, {}}}"
    written = [
        "cooldown: 1h, then: {mute: true}",
        "for: 1h, then: {mute: true}",
        "then: {mute: true, hold: 1h}",
        "when: {entries: {min: 1, within: 1h}}, then: {mute: true}",
        "when: {channel_entries: {min: 1, within: 1h}}, then: {mute: true}",
        "when: {time_used: {min: 1h, per: day}}, then: {mute: true}",
        "when: {time_used: {min: 1h, per: 24h}}, then: {mute: true}",
        "unless: {when: {time_used: {min: 1h, per: 24h}}}, then: {mute: true}",
        "escalate: {forget_after: 1h, steps: [{mute: true}]}",
        "escalate: {forget_after: 1h, steps: [{mute: true}, {mute: true}]}",
        "existing: spare, then: {mute: true}",
    ]
    meanings = {load_rule(text.format(each)).meaning for each in written}
    assert len(meanings) == len(written)


def test_a_rule_has_what_it_says_of_time(load_rule: LoadRule) -> None:
    """A cooldown, and whom it spares; nothing of the kind where nothing is said."""
    rule = load_rule("{cooldown: 10m, existing: spare, then: {mute: true}}")
    assert (rule.cooldown, rule.spares) == (timedelta(minutes=10), True)
    plain = load_rule("{then: {mute: true}}")
    assert (plain.cooldown, plain.spares, plain.steps[0].hold) == (None, False, None)


def test_entries_of_a_list_are_no_part_of_a_rules_meaning(load_rule: LoadRule) -> None:
    """State survives an edit of a list, which a rule has by its name."""
    text = "{who: {lists: x}, then: {mute: true}}"
    one, two = load_rule(text, "lists: {x: {}}\n"), load_rule(text, "lists: {x: {entries: 5}}\n")
    assert one.meaning == two.meaning
    assert one.conditions != two.conditions
