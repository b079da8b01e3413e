import pytest

from tests.unit.lint.tools import NIGHT, lines, marked

ID = "VG203"


def _two(first: str, second: str, before: str = "") -> str:
    return f"{before}rules:\n  a: {{priority: 1, {first}}}\n  b: {{priority: 2, {second}}}  # here"


LISTS = 'lists: {in: {entries: ["1"]}, out: {entries: ["2"], include: in}}\n'

FIRES = [
    ("where: lobby, then: {allow: true}", "where: lobby, for: 1h, then: {move: afk}"),
    ("where: lobby, then: {move: afk}", "where: lobby, who: {roles: dj}, then: {disconnect: true}"),
    ("who: {roles: [dj, staff]}, then: {mute: true}", "who: {roles: dj}, then: {mute: true}"),
    (
        "who: {roles: {none: dj}}, then: {mute: true}",
        "who: {roles: {none: [staff, dj]}}, then: {mute: true}",
    ),
    ("where: lobby, for: 5m, then: {mute: true}", "where: lobby, for: 10m, then: {mute: true}"),
    (
        "who: {lists: out}, where: {kinds: voice}, then: {deafen: true}",
        "who: {lists: in}, where: {kinds: voice, channels: vip}, then: {deafen: true}",
    ),
    (
        "where: lobby, unless: {who: {roles: dj}}, then: {mute: true}",
        "where: lobby, who: {roles: {none: [dj, member]}}, then: {mute: true}",
    ),
    (
        "where: lobby, unless: {who: {roles: dj}, when: {schedule: night}}, then: {mute: true}",
        "where: lobby, who: {roles: {none: dj}}, then: {mute: true}",
    ),
    (
        "when: {schedule: night}, then: {mute: true, deafen: true}",
        "when: {schedule: night}, then: {mute: true}",
    ),
    (
        "where: lobby, mode: observe, then: {mute: true}",
        "where: lobby, who: {roles: dj}, mode: observe, then: {mute: true}",
    ),
    (
        "who: {account_age: {max: 7d}}, then: {mute: true}",
        "who: {account_age: {min: 1d, max: 3d}}, then: {mute: true}",
    ),
    (
        "who: {membership_age: {max: 7d}}, then: {mute: true}",
        "who: {membership_age: {min: 1d, max: 3d}}, then: {mute: true}",
    ),
    (
        "who: {account_age: {min: 7d}}, then: {mute: true}",
        "who: {membership_age: {min: 7d}}, then: {mute: true}",
    ),
    (
        "where: {occupancy: {min: 2, max: 6}}, then: {mute: true}",
        "where: {occupancy: {min: 3, max: 3}}, then: {mute: true}",
    ),
    (
        "when: {entries: {min: 3, within: 1m}}, then: {mute: true}",
        "when: {entries: {min: 5, within: 30s}}, where: lobby, then: {mute: true}",
    ),
    (
        "when: {time_used: {min: 2h, per: 48h}}, then: {mute: true}",
        "when: {time_used: {min: 3h, per: 24h}}, where: lobby, then: {mute: true}",
    ),
    ("where: lobby, then: {mute: true}", "where: lobby, for: 5m, then: {mute: false}"),
    ("where: lobby, then: {grant: [dj, staff]}", "where: lobby, for: 1m, then: {grant: staff}"),
    (
        "where: lobby, then: {disconnect: true}",
        "where: lobby, for: 1m, escalate: {forget_after: 1d, steps: [{move: afk}, {move: vip}]}",
    ),
    (
        "where: lobby, escalate: {forget_after: 1d, steps: [{mute: true}, {mute: true, warn: x}]}",
        "where: lobby, for: 1m, then: {mute: true}",
    ),
    (
        "where: lobby, cooldown: 1h, then: {allow: true}",
        "where: lobby, for: 1m, then: {warn: x}",
    ),
    (
        "where: lobby, then: {mute: false}",
        "where: lobby, for: 1m, existing: spare, then: {mute: true, hold: 5m}",
    ),
    ("where: lobby, then: {timeout: 10m}", "where: lobby, for: 1m, then: {timeout: 1h}"),
]

SILENT = [
    ("where: lobby, for: 1h, then: {allow: true}", "where: lobby, then: {move: afk}"),
    ("where: lobby, who: {roles: dj}, then: {move: afk}", "where: lobby, then: {disconnect: true}"),
    (
        "where: lobby, then: {mute: true}",
        "where: lobby, who: {roles: dj}, then: {mute: true, deafen: true}",
    ),
    (
        "where: lobby, mode: observe, then: {mute: true}",
        "where: lobby, who: {roles: dj}, then: {mute: true}",
    ),
    (
        "where: lobby, mode: off, then: {mute: true}",
        "where: lobby, who: {roles: dj}, then: {mute: true}",
    ),
    (
        "where: [lobby, vip], for: 5m, then: {mute: true}",
        "where: lobby, for: {time: 5m, across_channels: true}, then: {mute: true}",
    ),
    ("who: {lists: in}, then: {mute: true}", "who: {lists: out}, where: lobby, then: {mute: true}"),
    (
        "where: lobby, unless: {who: {roles: dj}}, then: {mute: true}",
        "where: lobby, who: {roles: staff}, then: {mute: true}",
    ),
    (
        "where: lobby, who: {roles: {all: [dj, staff]}}, then: {mute: true}",
        "where: lobby, who: {roles: [dj, staff]}, then: {mute: true}",
    ),
    (
        "where: lobby, then: {mute: true}",
        "where: lobby, who: {roles: dj}, then: {mute: true, allow: true}",
    ),
    (
        "where: lobby, for: 5m, when: {state: {camera: true}}, then: {mute: true}",
        "where: lobby, for: 5m, unless: {when: {state: {camera: false}}}, then: {mute: true}",
    ),
    (
        "who: {account_age: {max: 7d}}, then: {mute: true}",
        "who: {account_age: {min: 1d, max: 8d}}, then: {mute: true}",
    ),
    (
        "who: {membership_age: {min: 7d}}, then: {mute: true}",
        "who: {account_age: {min: 7d}}, then: {mute: true}",
    ),
    (
        "who: {membership_age: {min: 1s}}, then: {mute: true}",
        "where: lobby, unless: {who: {membership_age: {max: 1s}}}, then: {mute: true}",
    ),
    (
        "where: {occupancy: {max: 2}}, then: {mute: true}",
        "where: {occupancy: {max: 3}}, then: {mute: true}",
    ),
    (
        "when: {entries: {min: 3, within: 30s}}, then: {mute: true}",
        "when: {entries: {min: 5, within: 1m}}, then: {mute: true}",
    ),
    (
        "when: {time_used: {min: 2h, per: 24h}}, where: lobby, then: {mute: true}",
        "when: {time_used: {min: 3h, per: 24h}}, where: [lobby, vip], then: {mute: true}",
    ),
    ("where: lobby, then: {grant: dj}", "where: lobby, for: 1m, then: {grant: [dj, staff]}"),
    ("where: lobby, cooldown: 1h, then: {mute: true}", "where: lobby, for: 1m, then: {mute: true}"),
    (
        "where: lobby, escalate: {forget_after: 1d, steps: [{warn: x}, {mute: true}]}",
        "where: lobby, for: 1m, then: {mute: true}",
    ),
    (
        "where: lobby, existing: spare, then: {mute: true}",
        "where: lobby, for: 1m, then: {mute: true}",
    ),
    (
        "where: lobby, existing: spare, then: {allow: true}",
        "where: lobby, for: 1m, then: {mute: true}",
    ),
    ("where: lobby, then: {mute: true}", "where: lobby, for: 1m, then: {mute: true, warn: x}"),
    (
        "where: lobby, then: {mute: true}",
        "where: lobby, for: 1m, then: {announce: {channel: afk, text: x}}",
    ),
    (
        "where: lobby, then: {mute: true, hold: 1h}",
        "where: lobby, for: 1m, then: {mute: true, hold: 5m}",
    ),
]


@pytest.mark.parametrize(("first", "second"), FIRES)
def test_it_fires(first: str, second: str) -> None:
    """At rules that an earlier one leaves nothing to decide."""
    text = _two(first, second, LISTS + NIGHT)
    assert lines(ID, text) == marked(text)


@pytest.mark.parametrize(("first", "second"), SILENT)
def test_it_does_not_fire(first: str, second: str) -> None:
    """At rules that act later, on more members, on more slots, or in a more serious mode."""
    assert lines(ID, _two(first, second, LISTS + NIGHT)) == []


BIG = (
    "unless: {{who: {{roles: ['1', '2', '3', '4', {}], members: ['1', '2', '3', '4']}},"
    " where: ['1', '2', '3', '4']}}, then: {{mute: true}}"
)


@pytest.mark.parametrize(
    ("first", "second", "fires"),
    [
        (f"where: lobby, {BIG.format(5)}", f"where: lobby, for: 1m, {BIG.format(5)}", True),
        (f"where: lobby, {BIG.format(5)}", f"where: lobby, for: 1m, {BIG.format(6)}", False),
        (f"where: lobby, {BIG.format(5)}", "where: lobby, for: 1m, then: {mute: true}", False),
    ],
)
def test_exceptions_with_many_names_are_compared_as_a_whole(
    first: str, second: str, fires: bool
) -> None:
    """Taken apart they would have too many alternatives."""
    text = _two(first, second)
    assert lines(ID, text) == (marked(text) if fires else [])


def test_two_rules_can_shadow_together() -> None:
    """Each of the effects is decided by another rule."""
    text = (
        "rules:\n  a: {priority: 1, where: lobby, then: {mute: true}}\n"
        "  b: {priority: 1, where: [lobby, vip], then: {deafen: true}}\n"
        "  c: {where: lobby, who: {roles: dj}, then: {mute: true, deafen: true}}  # here"
    )
    assert lines(ID, text) == marked(text)
