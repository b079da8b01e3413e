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
    ],
)
def test_it_does_not_fire(first: str, second: str) -> None:
    """Where the rules part by place, priority, time, member or effect."""
    assert _found(first, second) == []
