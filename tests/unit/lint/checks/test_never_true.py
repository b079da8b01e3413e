import pytest

from tests.unit.lint.tools import GUILD, NIGHT, lines, marked

ID = "VG201"
SCOPE = GUILD.removeprefix("version: 1\n")
BLOCKED = 'lists:\n  blocked: {entries: ["5", {id: "6", until: 2026-03-01}]}\n'
GUILD_ID = '"110373943822540800"'
WEEK = """\
schedules:
  work: {windows: [{start: "0 9 * * mon-fri", end: "0 17 * * mon-fri"}]}
  weekend: {windows: [{start: "0 0 * * sat", end: "0 0 * * mon"}]}
  past: {windows: [{from: 2020-01-01, to: 2020-01-02}]}
"""


def _rule(body: str, before: str = "") -> str:
    return f"{before}rules:\n  r: {{{body}, then: {{mute: true}}}}"


@pytest.mark.parametrize(
    "body",
    [
        "who: {roles: {any: [dj], none: [dj, staff]}}",
        "who: {roles: {all: [dj, staff], none: staff}}",
        f"who: {{roles: {{none: {GUILD_ID}}}}}",
        "where: {channels: {any: [lobby, vip], none: [lobby, vip]}}",
        "where: {channels: {all: [lobby, vip, afk]}}",
        "when: {state: {camera: true}}, unless: {when: {state: {camera: true}}}",
        "where: {kinds: voice}, unless: {where: {kinds: voice}}",
        "who: {roles: dj}, where: lobby, unless: {who: {roles: dj}, where: [lobby, vip]}",
        "who: {bot: false}, unless: {who: {bot: false}}",
        "who: {account_age: {min: 7d, max: 7d}}",
        "who: {account_age: {min: 7d}}, unless: {who: {account_age: {min: 6d}}}",
        "who: {membership_age: {min: 7d, max: 7d}}",
        "who: {membership_age: {max: 7d}}, unless: {who: {membership_age: {max: 30d}}}",
        "who: {account_age: {max: 7d}, membership_age: {min: 7d}}",
        "who: {membership_age: {min: 30d}}, unless: {who: {account_age: {min: 7d}}}",
        "where: {occupancy: {max: 2}}, unless: {where: {occupancy: {max: 3}}}",
        "where: {occupancy: {min: 2}}, unless: {where: {occupancy: {min: 2}}}",
        "where: {occupancy: {max: 0}}",
        "where: lobby, unless: {where: {occupancy: {min: 1}}}",
        "when: {entries: {min: 5, within: 30s}}, unless: {when: {entries: {min: 4, within: 1m}}}",
        "when: {time_used: {min: 2h, per: day}}, unless: {when: {time_used: {min: 1h, per: day}}}",
        "when: {time_used: {min: 25h, per: 24h}}",
        "when: {time_used: {min: 25h, per: day}}",
        'where: {kinds: stage}, who: {members: ["1"]}, unless: {who: {members: ["1", "2"]}}',
        f"where: lobby, unless: {{who: {{roles: {GUILD_ID}}}}}",
    ],
)
def test_it_fires_where_a_rule_excludes_what_it_asks_for(body: str) -> None:
    """In one condition, and between a condition and `unless`."""
    assert lines(ID, _rule(body)) == [2]


@pytest.mark.parametrize(
    ("before", "body"),
    [
        ("lists: {none: {}}\n", "who: {lists: none}"),
        ("lists: {old: {entries: [{id: '1', until: 2026-01-01}]}}\n", "who: {lists: {all: old}}"),
        (BLOCKED, 'who: {members: ["5"], lists: {none: blocked}}'),
        (BLOCKED, 'who: {members: ["6", "7"], lists: blocked}'),
        (
            BLOCKED + "  more: {entries: ['9'], include: blocked}\n",
            "who: {lists: {any: blocked, none: more}}",
        ),
        (WEEK, "when: {schedule: {all: [work, weekend]}}"),
        (WEEK, "when: {schedule: past}"),
        (NIGHT, "when: {schedule: {any: night, none: night}}"),
    ],
)
def test_it_fires_where_lists_and_schedules_leave_nothing(before: str, body: str) -> None:
    """By their entries, by what they include, and by when they are open."""
    text = _rule(body, before)
    assert lines(ID, text) == [text.count("\n") + 1]


@pytest.mark.parametrize(
    ("before", "body"),
    [
        ("", "who: {roles: {any: [dj, staff], none: [dj]}}"),
        ("", "where: {channels: {all: [lobby, vip]}}"),
        ("", "who: {account_age: {min: 7d}}, unless: {who: {account_age: {min: 8d}}}"),
        ("", "when: {state: {camera: true}}, unless: {when: {state: {camera: false}}}"),
        ("", "who: {roles: dj}, where: lobby, unless: {who: {roles: dj}, where: vip}"),
        ("", "when: {state: {self_deaf: true, self_mute: false}}"),
        ("", 'who: {members: ["1", "2"]}, unless: {who: {members: ["1"]}}'),
        ("", f"who: {{roles: {{any: [dj, {GUILD_ID}]}}}}"),
        ("lists: {none: {}}\n", "where: lobby, who: {lists: {none: none}}"),
        (BLOCKED, 'who: {members: ["5", "6"], lists: blocked}'),
        (
            "lists: {x: {entries: [{id: '1', until: 2026-04-01}]}}\n",
            'who: {members: ["1"], lists: {none: x}}',
        ),
        (
            BLOCKED + "  more: {entries: ['9'], include: blocked}\n",
            "who: {lists: {any: more, none: blocked}}",
        ),
        ("", "who: {membership_age: {max: 7d}}, unless: {who: {membership_age: {max: 6d}}}"),
        ("", "who: {account_age: {max: 8d}, membership_age: {min: 7d}}"),
        ("", "who: {account_age: {min: 7d}, membership_age: {max: 7d}}"),
        ("", "where: lobby, unless: {who: {membership_age: {min: 1s}}}"),
        ("", "where: {occupancy: {min: 2, max: 2}}"),
        ("", "where: {occupancy: {max: 3}}, unless: {where: {occupancy: {max: 2}}}"),
        (
            "",
            (
                "when: {entries: {min: 5, within: 1m}},"
                " unless: {when: {entries: {min: 4, within: 30s}}}"
            ),
        ),
        (
            "",
            (
                "when: {entries: {min: 5, within: 1m}},"
                " unless: {when: {channel_entries: {min: 1, within: 1h}}}"
            ),
        ),
        ("", "when: {time_used: {min: 24h, per: 24h}}"),
        ("", "when: {time_used: {min: 24h, per: day}}"),
        (WEEK, "when: {schedule: [work, past]}"),
        (WEEK, "when: {schedule: {any: work, none: weekend}}"),
        (
            'schedules: {leap: {windows: [{start: "0 0 29 2 *", for: 1h}]}}\n',
            "when: {schedule: leap}",
        ),
    ],
)
def test_it_does_not_fire(before: str, body: str) -> None:
    """Where somebody is left, at some time, be it only on 29 February."""
    assert lines(ID, _rule(body, before)) == []


def test_it_points_at_the_condition() -> None:
    """In a rule of several lines the one that cannot be met is marked, else the rule."""
    text = "rules:\n  r:\n    where: lobby\n    who:\n      roles: {any: dj, none: dj}  # here\n"
    assert lines(ID, text + "    then: {mute: true}") == marked(text)


def test_bots_are_in_channels_without_people() -> None:
    """Where rules may touch them, a bot can be alone among no people, and a person cannot."""
    text = SCOPE + "  exempt: {bots: false}\nrules:\n  r: {%s, then: {mute: true}}\n"
    assert lines(ID, text % "where: {occupancy: {max: 0}}") == []
    assert lines(ID, text % "who: {bot: false}, where: {occupancy: {max: 0}}") == [12]


def test_the_day_on_which_clocks_go_back_is_longer() -> None:
    """What does not go into a day in Moscow does in Berlin, once a year."""
    rule = "rules:\n  r: {when: {time_used: {min: %s, per: day}}, then: {mute: true}}\n"
    berlin = SCOPE.replace("Europe/Moscow", "Europe/Berlin") + rule
    assert lines(ID, berlin % "25h") == []
    assert lines(ID, berlin % "25h1s") == [11]
