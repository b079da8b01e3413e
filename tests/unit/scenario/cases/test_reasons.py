from collections.abc import Callable

import pytest

from voxguard.scenario.cases.results import Coverage, Run

Why = Callable[..., list[str]]


@pytest.fixture
def why(play: Callable[..., tuple[Run, Coverage]]) -> Why:
    """The reasons of the only failure of a test, given by its policies, member and steps."""

    def _why(policies: str, alice: str, *steps: str, guild: str = "") -> list[str]:
        tests = (
            "one:\n  start: 2026-03-02T12:00:00Z\n"
            f"  members: {{alice: {alice}}}\n  steps: [{', '.join(steps)}]\n"
        )
        [result] = play(policies, tests, guild)[0].results
        [failure] = result.failures
        return [line.strip() for line in failure.why]

    return _why


MUTE = "{at: 0s, expect: {alice: {mute: true, rule: one}}}"
NOW = "0s (2026-03-02T12:00:00Z)"


@pytest.mark.parametrize(
    ("rule", "alice", "line"),
    [
        ("{mode: 'off', then: {mute: true}}", "{in: lobby}", "one is off"),
        ("{then: {mute: true}}", "{}", "one does not hold: the member is not in voice"),
        ("{then: {mute: true}}", "{in: lobby, bot: true}", "one does not hold: bots are exempt"),
        (
            "{then: {mute: true}}",
            "{in: lobby, admin: true}",
            "one does not hold: administrators are exempt",
        ),
        (
            "{then: {mute: true}}",
            "{in: lobby, roles: staff}",
            "one does not hold: the guild exempts the member",
        ),
        (
            "{then: {mute: true}, for: 1h}",
            "{in: lobby}",
            (
                f"one does not hold yet: its conditions match since {NOW}, "
                "and its `for` ends at 1h (2026-03-02T13:00:00Z)"
            ),
        ),
    ],
)
def test_why_a_rule_does_not_hold(why: Why, rule: str, alice: str, line: str) -> None:
    """The first thing that keeps it from holding, in one sentence."""
    guild = "  exempt: {who: {roles: staff}}\n"
    assert why(f"rules: {{one: {rule}}}", alice, MUTE, guild=guild) == [line]


def test_conditions_that_do_not_match_are_shown_with_their_facts(why: Why) -> None:
    """Those alone, by the names that policies give to ids."""
    policies = """
    rules:
      one:
        who: {roles: {none: [dj]}, members: ["5"], bot: false}
        where: [lobby]
        when: {state: {camera: true}}
        then: {mute: true}
    """
    assert why(policies, "{roles: dj, in: music}", MUTE) == [
        "one does not hold: not every condition matches",
        "who.roles wants none dj; it is dj everyone",
        "who.members wants 5; it is alice",
        "where.channels wants any lobby; it is channel music, category none",
        "when.state wants camera true; it is camera false",
    ]


def test_an_unless_that_matches_is_shown(why: Why) -> None:
    """What excuses the member is the reason."""
    policies = "rules: {one: {unless: {where: lobby}, then: {mute: true}}}"
    assert why(policies, "{in: lobby}", MUTE) == [
        "one does not hold: `unless` matches",
        "where.channels wants any lobby; it is channel lobby, category none",
    ]


@pytest.mark.parametrize(
    ("policies", "steps", "line"),
    [
        (
            "{one: {then: {mute: true}}, zero: {priority: 1, then: {allow: true}}}",
            [MUTE],
            "zero allows, so that no later rule acts",
        ),
        (
            "{one: {then: {deafen: true}}}",
            ["{at: 0s, expect: {alice: [{mute: true, rule: one}, {deafen: true}]}}"],
            "what it wants is something else: deafen",
        ),
        (
            "{one: {then: {allow: true}}}",
            [MUTE],
            "what it wants is something else: nothing",
        ),
        (
            "{one: {then: {mute: true}}, zero: {priority: 1, then: {mute: true}}}",
            ["{at: 0s, expect: {alice: [{mute: true, rule: zero}, {mute: true, rule: one}]}}"],
            "zero goes before it and decides the mute",
        ),
        (
            "{one: {mode: observe, then: {mute: true}}}",
            ["{at: 0s, member: alice, human: {mute: true}}", MUTE],
            "there is nothing to do: it is so already",
        ),
        (
            "{one: {mode: observe, then: {mute: true}}}",
            [MUTE, MUTE.replace("0s", "1s")],
            "it has acted in this episode already, or waits for where the member goes",
        ),
    ],
)
def test_why_a_rule_that_holds_decides_nothing(
    why: Why, policies: str, steps: list[str], line: str
) -> None:
    """The slot is another's, or there is nothing to do."""
    lines = why(f"rules: {policies}", "{in: lobby}", *steps)
    assert lines == [f"one holds since {NOW}, its conditions match since {NOW}", line]


def test_why_a_rule_rests(why: Why) -> None:
    """It spares whoever was there, has just acted, or is the end of its own reason."""
    spares = "rules: {one: {existing: spare, then: {mute: true}}}"
    line = "one spares the member: they were in the channel when it became active"
    assert why(spares, "{in: lobby}", MUTE) == [line]
    cool = "rules: {one: {where: lobby, cooldown: 1h, then: {mute: true}}}"
    away = [
        "{at: 1s, member: alice, enters: music}",
        "{at: 1s, expect: {alice: {unmute: true}}}",
        "{at: 2s, member: alice, enters: lobby}",
    ]
    assert why(cool, "{in: lobby}", MUTE, *away, MUTE.replace("0s", "2s")) == [
        (
            "one holds since 2s (2026-03-02T12:00:02Z), its conditions match since "
            "2s (2026-03-02T12:00:02Z)"
        ),
        "it is in its cooldown until 1h (2026-03-02T13:00:00Z)",
    ]
    own = "rules: {one: {when: {state: {guild_mute: false}}, then: {mute: true}}}"
    twice = "{at: 0s, expect: {alice: [{mute: true}, {unmute: true}]}}"
    assert why(own, "{in: lobby}", twice, MUTE.replace("0s", "1s")) == [
        (
            "one has begun and ended at one instant, by what came of it, and rests until its "
            "conditions have stopped matching"
        )
    ]


def test_why_there_is_no_audience(why: Why) -> None:
    """Outside of a stage channel."""
    policies = "rules: {one: {then: {suppress: true}}}"
    expected = "{at: 0s, expect: {alice: {suppress: true, rule: one}}}"
    assert why(policies, "{in: lobby}", expected)[-1] == (
        "there is no such thing in the channel in which the member is"
    )


def test_what_happened_lately_is_a_fact(why: Why) -> None:
    """Numbers, and seconds."""
    when = "entries: {min: 2, within: 1m}, time_used: {min: 1m, per: day}"
    lines = why(f"rules: {{one: {{when: {{{when}}}, then: {{mute: true}}}}}}", "{in: lobby}", MUTE)
    assert lines == [
        "one does not hold: not every condition matches",
        "when.entries wants min 2, within 60; it is 0",
        "when.time_used wants min 60, per day UTC; it is 0",
    ]


def test_rules_are_looked_for_where_none_is_named(why: Why) -> None:
    """All that could decide it, a few of them in full; or that there is none."""
    policies = (
        "rules: {"
        + ", ".join(f"r{n}: {{where: music, then: {{mute: true}}}}" for n in range(5))
        + "}"
    )
    lines = why(policies, "{in: lobby}", "{at: 0s, expect: {alice: {unmute: true}}}")
    assert lines[0] == "r0 does not hold: not every condition matches"
    assert lines[-1] == "2 more rules could have decided it"
    lines = why(policies, "{in: lobby}", "{at: 0s, expect: {alice: {move: music}}}")
    assert lines == ["no rule of the guild wants to move to music"]


def test_why_something_unexpected_was_decided(why: Why) -> None:
    """With the conditions that match, and for a release with those that match no more."""
    policies = "rules: {one: {where: lobby, then: {mute: true}}}"
    nothing = "{at: 0s, expect: {alice: nothing}}"
    assert why(policies, "{in: lobby}", nothing) == [
        f"one holds since {NOW}, its conditions match since {NOW}",
        "where.channels wants any lobby; it is channel lobby, category none",
    ]
    steps = (MUTE, "{at: 1s, member: alice, enters: music}")
    assert why(policies, "{in: lobby}", *steps) == [
        "one does not hold: not every condition matches",
        "where.channels wants any lobby; it is channel music, category none",
    ]
