import pytest

from tests.unit.lint.tools import lines, problems

ID = "VG206"


def _found(*rules: str) -> list[int]:
    text = "".join(f"  r{number}: {{{rule}}}\n" for number, rule in enumerate(rules))
    return lines(ID, f"rules:\n{text}")


@pytest.mark.parametrize(
    "rules",
    [
        ("where: lobby, then: {move: vip}", "where: vip, for: 2h, then: {move: lobby}"),
        (
            "where: lobby, then: {move: vip}",
            "where: vip, for: 2h, then: {move: music}",
            "where: [music, afk], then: {move: lobby}",
        ),
        (
            "where: lobby, who: {roles: dj}, then: {move: vip}",
            "where: {channels: {none: [lobby, afk]}}, then: {move: lobby}",
        ),
        ("where: lobby, for: 1h, then: {move: vip}", "where: vip, then: {disconnect: true}"),
        ("where: lobby, then: {move: vip}", "where: vip, for: 30s, then: {move: music}"),
        ("where: lobby, then: {move: vip}", "where: vip, then: {timeout: 1m}"),
        (
            "where: lobby, escalate: {forget_after: 1d, steps: [{warn: x}, {move: vip}]}",
            "where: vip, for: 2h, cooldown: 1h, then: {move: lobby}",
        ),
        (
            "where: {channels: lobby, occupancy: {max: 1}}, then: {move: vip}",
            "where: {channels: vip, occupancy: {min: 2}}, then: {move: lobby}",
        ),
    ],
)
def test_it_fires(rules: tuple[str, ...]) -> None:
    """At circles of two and three, and at targets that throw members out."""
    assert _found(*rules) == [2]


@pytest.mark.parametrize(
    "rules",
    [
        (
            "where: lobby, for: 1h, then: {move: afk}",
            "where: afk, for: 3h, then: {disconnect: true}",
        ),
        (
            "where: lobby, who: {roles: dj}, then: {move: vip}",
            "where: vip, who: {roles: {none: dj}}, then: {move: lobby}",
        ),
        ("where: lobby, then: {move: vip}", "where: vip, then: {mute: true}"),
        ("where: lobby, then: {move: vip}", "who: {roles: dj}, then: {disconnect: true}"),
        ("where: [lobby, vip], then: {move: vip}", "where: music, then: {move: afk}"),
        (
            "where: lobby, when: {state: {self_mute: true}}, then: {move: vip}",
            "where: vip, when: {state: {self_mute: false}}, then: {move: lobby}",
        ),
        (
            "where: lobby, then: {move: vip}",
            "where: vip, when: {state: {self_deaf: true}}, then: {move: afk}",
        ),
        ("where: lobby, then: {move: vip}", "where: vip, mode: observe, then: {move: lobby}"),
        (
            "where: lobby, then: {move: vip}",
            "where: {channels: vip, occupancy: {max: 1}}, then: {move: afk}",
        ),
        (
            "where: lobby, then: {move: vip}",
            "where: vip, when: {entries: {min: 3, within: 1m}}, then: {disconnect: true}",
        ),
        (
            "where: lobby, then: {move: vip}",
            "where: vip, when: {time_used: {min: 3h, per: day}}, then: {disconnect: true}",
        ),
        (
            "where: lobby, who: {account_age: {max: 7d}}, then: {move: vip}",
            "where: vip, who: {membership_age: {min: 7d}}, then: {move: lobby}",
        ),
        (
            "where: lobby, then: {move: vip}",
            "where: vip, mode: off, then: {move: lobby}",
        ),
        (
            "where: {channels: {none: vip}}, who: {roles: dj}, then: {move: vip}",
            "where: {channels: {none: [vip, afk]}}, who: {roles: {none: dj}}, then: {move: afk}",
        ),
    ],
)
def test_it_does_not_fire(rules: tuple[str, ...]) -> None:
    """Where the next rule waits, is for others, observes, or leaves the target alone."""
    assert _found(*rules) == []


def test_it_names_the_rules_in_the_order_of_the_way() -> None:
    """Whoever reads the message can follow the member, and reads of each circle once."""
    text = (
        "rules:\n  c: {where: music, then: {move: lobby}}\n"
        "  b: {where: vip, then: {move: music}}\n  a: {where: lobby, then: {move: vip}}\n"
    )
    (found,) = problems(text)
    assert "'a', 'b', 'c'" in found.message
