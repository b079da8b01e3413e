from collections.abc import Callable
from datetime import timedelta

import pytest

from voxguard.policy import checks
from voxguard.policy.cases.load import LoadedCases

HEAD = """
start: 2026-03-02T12:00:00Z
members: {alice: {}}
steps:
"""
EXPECT = "  - {at: 1h, expect: {alice: nothing}}"

Problems = Callable[[str], list[str]]


@pytest.mark.parametrize(
    ("step", "check", "words"),
    [
        ("{at: 0s}", checks.MISSING_KEY, "neither `expect` nor one of `enters`"),
        ("{at: 0s, member: alice}", checks.MISSING_KEY, "neither `expect` nor one of"),
        ("{at: 0s, enters: lobby}", checks.MISSING_KEY, "which `member` enters"),
        ("{member: alice, leaves: true}", checks.MISSING_KEY, "The key `at` is missing"),
        ("{at: -1s, member: alice, leaves: true}", checks.INVALID_VALUE, "'-1s' is not a duration"),
        ("{at: 0, member: alice, leaves: true}", checks.INVALID_VALUE, "'0' is not a duration"),
        ("{at: 0s, member: alice, leaves: false}", checks.INVALID_VALUE, "only be true"),
        (
            "{at: 0s, member: alice, enters: lobby, leaves: true}",
            checks.CONFLICT,
            "`enters`, `leaves` cannot stand in one step",
        ),
        (
            "{at: 0s, member: alice, enters: lobby, expect: {alice: nothing}}",
            checks.CONFLICT,
            "a step of its own",
        ),
        ("{at: 0s, member: alice, expect: {alice: nothing}}", checks.CONFLICT, "of its own"),
        ("{at: 0s, expect: {}}", checks.INVALID_VALUE, "Nobody is named"),
        ("{at: 0s, expect: {alice: []}}", checks.WRONG_TYPE, "not a list"),
        ("{at: 0s, expect: {alice: 5}}", checks.WRONG_TYPE, "`nothing`, an effect, or a list"),
        ("{at: 0s, expect: {alice: {rule: limit}}}", checks.INVALID_VALUE, "No effect is named"),
        ("{at: 0s, expect: {alice: {mute: false}}}", checks.INVALID_VALUE, "only be true"),
        (
            "{at: 0s, expect: {alice: {mute: true, deafen: true}}}",
            checks.CONFLICT,
            "An expectation is of one effect",
        ),
        ("{at: 0s, expect: {alice: {jump: true}}}", checks.UNKNOWN_KEY, "no key 'jump'"),
        ("{at: 0s, member: alice, human: {}}", checks.INVALID_VALUE, "The moderator does nothing"),
        ("{at: 0s, member: alice, human: {ban: true}}", checks.UNKNOWN_KEY, "no key 'ban'"),
        ("{at: 0s, member: alice, state: {}}", checks.INVALID_VALUE, "No flag of the voice state"),
        ("{at: 0s, member: alice, state: {mute: true}}", checks.UNKNOWN_KEY, "no key 'mute'"),
    ],
)
def test_a_step_that_makes_no_sense_is_refused(
    problems_of: Problems, step: str, check: checks.Check, words: str
) -> None:
    """With the line of the step and the reason."""
    [problem] = problems_of(f"{HEAD}  - {step}\n{EXPECT}")
    assert problem.startswith(f"7 {check.id} ")
    assert words in problem


def test_a_test_without_expectations_is_refused(problems_of: Problems) -> None:
    """A test that cannot fail is none."""
    [problem] = problems_of(HEAD + "  - {at: 1h, member: alice, enters: lobby}")
    assert problem == "4 VG012 No step of this test expects anything."


@pytest.mark.parametrize("key", ["start", "members", "steps"])
def test_a_test_needs_its_keys(problems_of: Problems, key: str) -> None:
    """What a test cannot do without is said to be missing."""
    keys = {
        "start": "start: 2026-03-02T12:00Z",
        "members": "members: {alice: {}}",
        "steps": "steps: [{at: 1h, expect: {alice: nothing}}]",
    }
    del keys[key]
    assert problems_of("\n".join(keys.values())) == [f"4 VG010 The key `{key}` is missing here."]


def test_an_id_says_the_age_already(problems_of: Problems) -> None:
    """Two words on the age of an account could disagree."""
    text = f"{HEAD}{EXPECT}".replace(
        "alice: {}", 'alice: {id: "5", account_created_at: 2020-01-01}'
    )
    [problem] = problems_of(text)
    assert problem == "5 VG013 `id` and `account_created_at` cannot stand together."


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("version: 1\ntests: {}\n", "There is no test in this file."),
        ("version: 1\n", "The key `tests` is missing here."),
        ("version: 2\ntests: {}\n", "The version of the language must be 1, not '2'."),
        ("version: 1\ntests: {}\nrules: {}\n", "There is no key 'rules' here."),
        ("tests: [", "did not find expected node content"),
    ],
)
def test_a_file_that_is_none_of_tests(
    load: Callable[[str], LoadedCases], text: str, problem: str
) -> None:
    """What a file as a whole must be is what policies must be."""
    loaded = load(text)
    assert loaded.cases == ()
    assert problem in " ".join(each.message for each in loaded.problems) or "YAML" in problem


def test_a_test_begins_at_zero(load: Callable[[str], LoadedCases]) -> None:
    """`0s` is an offset although it is no duration."""
    loaded = load(
        """\
        version: 1
        tests:
          one:
            start: 2026-03-02T12:00:00Z
            members: {alice: {}}
            steps:
              - {at: 0s, member: alice, enters: lobby}
              - {at: 1m30s, expect: {alice: nothing}}
        """
    )
    [case] = loaded.cases
    assert [*case.marks] == [timedelta(), timedelta(seconds=90)]
