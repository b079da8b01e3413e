import pytest

from tests.unit.lint.tools import NIGHT, lines

ID = "VG204"


def _found(first: str, second: str) -> list[int]:
    return lines(ID, f"{NIGHT}rules:\n  a: {{{first}}}\n  b: {{{second}}}\n")


@pytest.mark.parametrize(
    ("first", "second", "line"),
    [
        ("where: lobby, then: {move: afk}", "where: [lobby, vip], then: {move: music}", 5),
        # The more severe effect is taken first, so that it is the other rule that is told.
        ("where: lobby, then: {move: afk}", "where: lobby, then: {disconnect: true}", 4),
        ("who: {roles: dj}, then: {move: afk}", "where: lobby, then: {move: music, mute: true}", 5),
        (
            "where: lobby, for: 1h, then: {move: afk}",
            "where: lobby, for: 60m, who: {roles: dj}, then: {move: music}",
            5,
        ),
        (
            "where: lobby, when: {schedule: night}, then: {move: afk}",
            "where: lobby, when: {state: {camera: true}}, then: {move: music}",
            5,
        ),
        ("where: lobby, then: {mute: true}", "who: {roles: dj}, then: {mute: false}", 5),
        ("where: lobby, then: {deafen: false}", "where: lobby, then: {deafen: true}", 4),
        (
            "where: lobby, escalate: {forget_after: 1d, steps: [{warn: x}, {move: afk}]}",
            "where: lobby, cooldown: 1m, then: {move: music}",
            5,
        ),
        (
            "where: {occupancy: {max: 3}}, then: {move: afk}",
            "where: {occupancy: {min: 3}}, then: {move: music}",
            5,
        ),
    ],
)
def test_it_fires(first: str, second: str, line: int) -> None:
    """At two places for one member, be it out of voice, where both rules may hold."""
    assert _found(first, second) == [line]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("where: lobby, then: {move: afk}", "where: vip, then: {move: music}"),
        ("where: lobby, then: {move: afk}", "where: lobby, priority: 99, then: {move: music}"),
        ("where: lobby, then: {move: afk}", "where: lobby, for: 1h, then: {move: music}"),
        (
            "where: lobby, then: {move: afk}",
            "where: lobby, who: {roles: dj}, then: {move: afk, mute: true}",
        ),
        (
            "where: lobby, who: {roles: dj}, then: {move: afk}",
            "where: lobby, who: {roles: {none: dj}}, then: {move: music}",
        ),
        (
            "where: lobby, unless: {who: {roles: dj}}, then: {move: afk}",
            "where: lobby, who: {roles: dj}, then: {move: music}",
        ),
        (
            "when: {state: {self_deaf: true}}, then: {move: afk}",
            "when: {state: {self_deaf: false}}, then: {move: music}",
        ),
        (
            "when: {schedule: night}, where: lobby, then: {move: afk}",
            "when: {schedule: {none: night}}, where: lobby, then: {move: music}",
        ),
        (
            'who: {members: ["1", "2"]}, then: {move: afk}',
            'who: {members: ["3", "4"]}, then: {move: music}',
        ),
        (
            "who: {account_age: {max: 7d}}, then: {move: afk}",
            "who: {account_age: {min: 7d}}, then: {move: music}",
        ),
        ("where: lobby, then: {mute: true}", "where: lobby, then: {move: music}"),
        ("where: lobby, then: {allow: true}", "where: lobby, then: {move: music}"),
        ("where: lobby, mode: observe, then: {move: afk}", "where: lobby, then: {move: music}"),
        (
            "where: {occupancy: {max: 2}}, then: {move: afk}",
            "where: {occupancy: {min: 3}}, then: {move: music}",
        ),
        (
            "who: {membership_age: {min: 7d}}, then: {move: afk}",
            "who: {account_age: {max: 7d}}, then: {move: music}",
        ),
        (
            "when: {entries: {min: 3, within: 1m}}, then: {mute: true}",
            "where: lobby, unless: {when: {entries: {min: 2, within: 1h}}}, then: {mute: false}",
        ),
        ("where: lobby, then: {warn: a}", "where: lobby, then: {warn: b}"),
        ("where: lobby, then: {grant: dj}", "where: lobby, then: {grant: staff}"),
        ("where: lobby, then: {timeout: 1m}", "where: lobby, then: {timeout: 2m}"),
        ("where: lobby, then: {timeout: 1m}", "where: lobby, then: {disconnect: true}"),
        (
            "where: vip, then: {mute: true}",
            (
                "where: lobby, escalate: {forget_after: 1d, steps: [{mute: true}, {mute: false},"
                " {move: afk}, {disconnect: true}]}"
            ),
        ),
    ],
)
def test_it_does_not_fire(first: str, second: str) -> None:
    """Where the rules part by place, priority, time, member or effect."""
    assert _found(first, second) == []
