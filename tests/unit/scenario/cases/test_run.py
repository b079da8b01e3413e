from collections.abc import Callable

import pytest

from voxguard.scenario.cases.results import Coverage, Run
from voxguard.scenario.cases.run import MOST_FAILURES

Failures = Callable[..., list[str]]
LIMIT = "rules: {limit: {where: lobby, for: 1h, then: {move: afk}}}"
ENTERS = "{at: 0s, member: alice, enters: lobby}"
MOVED = "{at: 1h, expect: {alice: {move: afk, rule: limit}}}"
ALICE = "{alice: {in: lobby}}"


def test_what_is_expected_and_happens_is_right(failures: Failures) -> None:
    """At exactly that instant, by the rule that is named."""
    assert failures(LIMIT, "{alice: {}}", ENTERS, MOVED) == []


@pytest.mark.parametrize("at", ["59m59s", "1h1s"])
def test_an_expectation_is_of_exactly_its_instant(failures: Failures, at: str) -> None:
    """A second before or after, it fails, and what does happen is not expected."""
    steps = (
        ENTERS,
        f"{{at: {at}, expect: {{alice: {{move: afk}}}}}}",
        "{at: 2h, expect: {alice: nothing}}",
    )
    assert sorted(failures(LIMIT, "{alice: {}}", *steps)) == sorted(
        ["unexpected alice at 3600", f"missing alice at {3599 if '59' in at else 3601}"]
    )


def test_a_decision_that_no_step_expects_fails(failures: Failures) -> None:
    """Also between steps, and for a member of whom nothing is said."""
    nothing = "{at: 3h, expect: {bob: nothing}}"
    assert failures(LIMIT, "{alice: {in: lobby}, bob: {}}", nothing) == ["unexpected alice at 3600"]


def test_nothing_is_decided_after_the_last_step(failures: Failures) -> None:
    """A test ends with its last instant."""
    assert failures(LIMIT, ALICE, "{at: 59m, expect: {alice: nothing}}") == []


def test_nothing_means_nothing(failures: Failures) -> None:
    """A decision where nothing is expected fails at that step."""
    assert failures(LIMIT, ALICE, "{at: 1h, expect: {alice: nothing}}") == [
        "unexpected alice at 3600"
    ]


@pytest.mark.parametrize(
    "expected", ["{move: music}", "{disconnect: true}", "{move: afk, rule: other}", "{mute: true}"]
)
def test_effect_parameter_and_rule_must_be_right(failures: Failures, expected: str) -> None:
    """Something similar is not what was expected."""
    policies = """
    rules:
      limit: {where: lobby, for: 1h, then: {move: afk}}
      other: {where: music, then: {mute: true}}
    """
    assert failures(policies, ALICE, f"{{at: 1h, expect: {{alice: {expected}}}}}") == [
        "missing alice at 3600"
    ]


def test_several_decisions_are_a_list(failures: Failures) -> None:
    """In any order, each met once; those that name the rule take its decision."""
    policies = """
    rules:
      one: {where: lobby, then: {mute: true, deafen: true}}
      two: {where: lobby, mode: observe, priority: 1, then: {mute: true}}
    """
    every = "[{mute: true}, {deafen: true}, {mute: true, rule: one}]"
    assert failures(policies, ALICE, f"{{at: 0s, expect: {{alice: {every}}}}}") == []
    split = (
        "{at: 0s, expect: {alice: {mute: true, rule: two}}}",
        "{at: 0s, expect: {alice: [{mute: true}, {deafen: true}]}}",
    )
    assert failures(policies, ALICE, *split) == []
    twice = "[{mute: true, rule: one}, {mute: true, rule: one}, {deafen: true}]"
    assert failures(policies, ALICE, f"{{at: 0s, expect: {{alice: {twice}}}}}") == [
        "missing alice at 0"
    ]


def test_what_is_only_observed_has_to_be_expected_too(failures: Failures) -> None:
    """A rule in observe decides like any other, and touches nobody."""
    policies = "rules: {out: {where: lobby, mode: observe, then: {disconnect: true}}}"
    assert failures(policies, ALICE, "{at: 1s, expect: {alice: nothing}}") == [
        "unexpected alice at 0"
    ]
    steps = (
        "{at: 0s, expect: {alice: {disconnect: true}}}",
        "{at: 1s, member: alice, human: {mute: true}}",
    )
    assert failures(policies, ALICE, *steps) == []


def test_all_of_an_instant_happens_before_anybody_is_decided(failures: Failures) -> None:
    """Whoever leaves at the very instant is not decided, wherever the step stands."""
    leaves = "{at: 1h, member: alice, leaves: true}"
    nothing = "{at: 1h, expect: {alice: nothing}}"
    assert failures(LIMIT, ALICE, leaves, nothing) == []
    assert failures(LIMIT, ALICE, nothing, leaves) == []


def test_who_is_moved_is_there_and_decided_there(failures: Failures) -> None:
    """The answer to a move comes at the same instant."""
    policies = """
    rules:
      limit: {where: lobby, for: 1h, then: {move: afk}}
      quiet: {where: afk, then: {mute: true}}
      later: {where: afk, for: 10m, then: {disconnect: true}}
    """
    steps = (
        "{at: 1h, expect: {alice: [{move: afk}, {mute: true, rule: quiet}]}}",
        "{at: 1h10m, expect: {alice: [{disconnect: true}, {unmute: true}]}}",
        "{at: 2h, member: alice, enters: lobby}",
        "{at: 3h, expect: {alice: [{move: afk}, {mute: true}]}}",
    )
    assert failures(policies, ALICE, *steps) == []


def test_rules_that_move_in_a_circle_come_to_an_end(failures: Failures) -> None:
    """Each acts once at an instant, so that a test of them ends."""
    policies = """
    rules:
      away: {where: lobby, then: {move: afk}}
      back: {where: afk, then: {move: lobby}}
    """
    both = "{at: 0s, expect: {alice: [{move: afk}, {move: lobby}]}}"
    assert failures(policies, ALICE, both) == []


def test_a_test_with_very_many_failures_is_given_up(
    play: Callable[..., tuple[Run, Coverage]],
) -> None:
    """Rules that act without end do not keep a test from ending."""
    policies = """
    rules:
      away: {where: lobby, for: 1s, then: {move: afk}}
      back: {where: afk, for: 1s, then: {move: lobby}}
    """
    for last in ("36500d, expect: {alice: nothing}", "0s, member: alice, leaves: true"):
        tests = (
            "one:\n  start: 2026-03-02T12:00:00Z\n  members: {alice: {in: lobby}}\n"
            "  steps: ["
            + "{at: 0s, member: alice, leaves: true}, " * (last[0] == "0")
            + "{at: 0s, expect: {alice: nothing}}, "
            + "{at: 0s, member: alice, human: {mute: true}}, " * 11 * (last[0] == "0")
            + f"{{at: {last}}}]"
        )
        [result] = play(policies, tests)[0].results
        assert result.stopped
        assert not result.passed
        assert len(result.failures) >= MOST_FAILURES


def test_lists_of_a_test_are_beside_the_files(failures: Failures) -> None:
    """A member is in them, in what includes them, and in no other test."""
    policies = """
    lists: {blocked: {include: [raiders]}, raiders: {entries: "7"}}
    rules: {out: {who: {lists: blocked}, then: {disconnect: true}}}
    """
    out = "{disconnect: true}"
    steps = (f"{{at: 0s, expect: {{a: {out}, b: {out}, c: {out}, d: nothing}}}}",)
    members = (
        "{a: {lists: raiders, in: lobby}, b: {lists: [blocked], in: lobby}, "
        "c: {id: 7, in: lobby}, d: {in: lobby}}"
    )
    assert failures(policies, members, *steps) == []


def test_a_moderators_hand_needs_somebody_in_voice(failures: Failures) -> None:
    """Discord refuses the rest, and a test that counts on it is wrong."""
    steps = ("{at: 5s, member: alice, human: {mute: true}}", "{at: 9s, expect: {alice: nothing}}")
    assert failures(LIMIT, "{alice: {}}", *steps) == ["impossible alice at 5"]


def test_coverage_names_the_rules_that_never_held(
    play: Callable[..., tuple[Run, Coverage]],
) -> None:
    """A rule is covered once it has held for somebody, whether or not it decided anything."""
    policies = """
    rules:
      holds: {where: lobby, priority: 1, then: {mute: true}}
      agrees: {where: lobby, then: {mute: true}}
      never: {where: music, then: {mute: true}}
      not-yet: {where: lobby, for: 1h, then: {deafen: true}}
      off: {mode: "off", then: {mute: true}}
    """
    tests = """
    one:
      start: 2026-03-02T12:00:00Z
      members: {alice: {in: lobby}}
      steps: [{at: 0s, expect: {alice: {mute: true}}}]
    """
    run, coverage = play(policies, tests)
    assert run.failed == 0
    assert coverage.rules == 4
    assert [rule.name for rule in coverage.never] == ["never", "not-yet"]
