import pytest

from tests.unit.lint.tools import NIGHT, lines, marked

ID = "VG205"


@pytest.mark.parametrize(
    "text",
    [
        (
            "rules:\n  a: {where: [lobby, vip], then: {mute: true}}\n"
            '  b: {where: [vip, "110373943822540801"], priority: 7, then: {mute: true}}\n'
            "  c: {where: {channels: {any: [lobby, vip]}}, description: x, then: {mute: true}}"
        ),
        (
            "rules:\n  a: {where: lobby, for: 60m, then: {move: afk}}\n"
            "  b: {for: {time: 1h, across_channels: false}, where: lobby, then: {move: afk}} # here"
        ),
        (
            f"{NIGHT}rules:\n"
            "  a: {where: lobby, unless: {when: {schedule: night}}, then: {deafen: true}}\n"
            "  b: {unless: {when: {schedule: [night]}}, where: lobby, then: {deafen: true}}  # here"
        ),
        (
            "rules:\n  a: {where: lobby, then: {grant: [dj, staff], mute: true}}\n"
            "  b: {where: lobby, then: {mute: true, grant: [staff, dj, staff]}}  # here"
        ),
        (
            "rules:\n"
            "  a: {when: {time_used: {min: 60m, per: 1d}}, cooldown: 60s, then: {warn: x}}\n"
            "  b: {when: {time_used: {min: 1h, per: 24h}}, cooldown: 1m, then: {warn: x}}  # here"
        ),
    ],
)
def test_it_fires(text: str) -> None:
    """At rules whose ids, lengths of time and sets are only written in other ways."""
    # The one of priority 7 is decided before the two others, which say the same.
    assert lines(ID, text) == (marked(text) or [2, 4])


@pytest.mark.parametrize(
    "text",
    [
        "rules:\n  a: {where: lobby, then: {mute: true}}\n  b: {where: vip, then: {mute: true}}",
        (
            "rules:\n  a: {where: lobby, for: 1h, then: {move: afk}}\n"
            "  b: {where: lobby, for: {time: 1h, across_channels: true}, then: {move: afk}}"
        ),
        (
            "rules:\n  a: {where: lobby, then: {mute: true}}\n"
            "  b: {where: lobby, mode: off, then: {mute: true}}\n"
            "  c: {where: lobby, mode: observe, then: {mute: true}}"
        ),
        (
            "rules:\n  a: {who: {roles: {any: [dj, staff]}}, then: {mute: true}}\n"
            "  b: {who: {roles: {all: [dj, staff]}}, then: {mute: true}}"
        ),
        (
            "rules:\n  a: {where: lobby, then: {mute: true}}\n"
            "  b: {where: lobby, then: {mute: false}}\n"
            "  c: {where: lobby, then: {mute: true, hold: 1m}}\n"
            "  d: {where: lobby, cooldown: 1m, then: {mute: true}}\n"
            "  e: {where: lobby, existing: spare, then: {mute: true}}\n"
            "  f: {where: lobby, limits: {fuse: off}, then: {mute: true}}"
        ),
        (
            "rules:\n"
            "  a: {where: lobby, escalate: {forget_after: 1d, steps: [{warn: x}, {mute: true}]}}\n"
            "  b: {where: lobby, escalate: {forget_after: 1d, steps: [{mute: true}, {warn: x}]}}\n"
            "  c: {where: lobby, escalate: {forget_after: 2d, steps: [{warn: x}, {mute: true}]}}"
        ),
    ],
)
def test_it_does_not_fire(text: str) -> None:
    """At rules that differ in one word: a channel, `across_channels`, the mode, any and all."""
    assert lines(ID, text) == []
