"""Every key of the language, and of tests of policies, is used by an example that is run."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from tests.docs.cookbook import GUILD, RECIPES
from tests.docs.used_keys import every_key, used_keys
from voxguard.model.decisions import Effect
from voxguard.policy.cases.documents import CaseDocument, MemberDocument, StepDocument
from voxguard.policy.cases.expectations import Expectation
from voxguard.policy.report import Report
from voxguard.policy.yaml import read_yaml


def _read(text: str) -> dict[str, Any]:
    source = read_yaml(text.encode(), "example", Report())
    assert source is not None
    assert isinstance(source.value, dict)
    return source.value


def _cases() -> Iterator[dict[str, Any]]:
    for recipe in RECIPES:
        assert recipe.test is not None
        yield from _read(recipe.test.text)["tests"].values()


def _keys(model: type[BaseModel]) -> set[str]:
    return {field.alias or name for name, field in model.model_fields.items()}


def _expectations(step: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for expected in step.get("expect", {}).values():
        some = expected if isinstance(expected, list) else [expected]
        yield from (each for each in some if each != "nothing")


def test_every_key_of_the_language_is_in_a_recipe() -> None:
    """What can be written is shown in the cookbook, by rules that a test stands beside."""
    used = used_keys(_read(GUILD.text))
    for recipe in RECIPES:
        used |= used_keys(_read(recipe.rules.text))
    assert every_key() - used == set()


def test_keys_are_found_where_they_stand() -> None:
    """The test above would miss what is not used: a key of one model is not one of another."""
    rule = (
        "version: 1\nrules: {one: {for: 1h, escalate: {forget_after: 7d, steps: [{mute: true}]}}}"
    )
    assert used_keys(_read(rule)) == {
        ("File", "version"),
        ("File", "rules"),
        ("RuleDocument", "for"),
        ("RuleDocument", "escalate"),
        ("EscalateDocument", "forget_after"),
        ("EscalateDocument", "steps"),
        ("Then", "mute"),
    }
    window = "version: 1\nschedules: {one: {windows: [{start: 0 0 * * *, for: 1h}]}}"
    assert used_keys(_read(window)) == {
        ("File", "version"),
        ("File", "schedules"),
        ("ScheduleDocument", "windows"),
        ("CronForDocument", "start"),
        ("CronForDocument", "for"),
    }


def test_every_key_of_a_test_is_in_a_recipe() -> None:
    """The same for tests: each of their keys is in one that passes."""
    cases = list(_cases())
    members = [member for case in cases for member in case["members"].values()]
    steps = [step for case in cases for step in case["steps"]]
    expected = [each for step in steps for each in _expectations(step)]
    assert {key for case in cases for key in case} == _keys(CaseDocument)
    assert {key for member in members for key in member} == _keys(MemberDocument)
    assert {key for step in steps for key in step} == _keys(StepDocument)
    assert {key for step in steps for key in step.get("human", {})} == {"mute", "deafen"}
    assert {key for each in expected for key in each} == _keys(Expectation)


def test_every_effect_is_decided_in_a_recipe() -> None:
    """Releases too: whatever can be in a log has been expected and has come."""
    steps = (step for case in _cases() for step in case["steps"])
    decided = {key for step in steps for each in _expectations(step) for key in each}
    assert decided - {"rule"} == {str(effect) for effect in Effect}
