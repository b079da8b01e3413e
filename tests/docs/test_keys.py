"""Every key of the language, and of tests of policies, is used by an example that is run."""

from collections.abc import Iterator
from typing import Any

from tests.docs.cookbook import GUILD, RECIPES
from tests.docs.used_keys import POLICY_KEYS, TEST_KEYS
from voxguard.model.decisions import Effect
from voxguard.policy.report import Report
from voxguard.policy.yaml import read_yaml


def _read(text: str) -> dict[str, Any]:
    source = read_yaml(text.encode(), "example", Report())
    assert source is not None
    assert isinstance(source.value, dict)
    return source.value


def _tests() -> Iterator[dict[str, Any]]:
    for recipe in RECIPES:
        assert recipe.test is not None
        yield _read(recipe.test.text)


def test_every_key_of_the_language_is_in_a_recipe() -> None:
    """What can be written is shown in the cookbook, by rules that a test stands beside."""
    used = POLICY_KEYS.used(_read(GUILD.text))
    for recipe in RECIPES:
        used |= POLICY_KEYS.used(_read(recipe.rules.text))
    assert POLICY_KEYS.every() - used == set()


def test_every_key_of_a_test_is_in_a_recipe() -> None:
    """The same for tests: each of their keys is in one that passes."""
    used = {key for test in _tests() for key in TEST_KEYS.used(test)}
    assert TEST_KEYS.every() - used == set()


def test_every_effect_is_decided_in_a_recipe() -> None:
    """Releases too: whatever can be in a log has been expected and has come."""
    used = {key for test in _tests() for key in TEST_KEYS.used(test)}
    assert {key for model, key in used if model == "Expectation"} == {"rule", *map(str, Effect)}


def test_keys_are_found_where_they_stand() -> None:
    """The tests above would miss what is not used: a key of one model is not one of another."""
    rule = (
        "version: 1\nrules: {one: {for: 1h, escalate: {forget_after: 7d, steps: [{mute: true}]}}}"
    )
    assert POLICY_KEYS.used(_read(rule)) == {
        ("File", "version"),
        ("File", "rules"),
        ("RuleDocument", "for"),
        ("RuleDocument", "escalate"),
        ("EscalateDocument", "forget_after"),
        ("EscalateDocument", "steps"),
        ("Then", "mute"),
    }
    window = "version: 1\nschedules: {one: {windows: [{start: 0 0 * * *, for: 1h}]}}"
    assert POLICY_KEYS.used(_read(window)) == {
        ("File", "version"),
        ("File", "schedules"),
        ("ScheduleDocument", "windows"),
        ("CronForDocument", "start"),
        ("CronForDocument", "for"),
    }
