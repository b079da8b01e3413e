import importlib
import pkgutil
import re
from types import ModuleType

import pytest

from tests.unit.lint.examples import examples_of
from voxguard.lint import checks
from voxguard.lint.checks import CHECKS
from voxguard.lint.checks.base import LintCheck
from voxguard.policy import checks as loading


def _modules() -> list[ModuleType]:
    found = [
        importlib.import_module(f"{checks.__name__}.{info.name}")
        for info in pkgutil.iter_modules(checks.__path__)
    ]
    return [module for module in found if hasattr(module, "CHECK")]


def test_every_check_is_in_the_list() -> None:
    """A file that was forgotten in the explicit list fails here."""
    assert {module.CHECK.id for module in _modules()} == {check.id for check in CHECKS}


def test_ids_and_names_are_used_once() -> None:
    """An id means one thing, whether loading or a check of the loaded set finds it."""
    ids = [*(check.id for check in CHECKS), *(check.id for check in loading.ALL)]
    names = [*(check.name for check in CHECKS), *(check.name for check in loading.ALL)]
    assert len(set(ids)) == len(ids)
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"VG[0-4]\d\d", each) for each in ids)


def _cases(module: ModuleType, start: str) -> int:
    """How many cases the tests of a file have whose names begin like this."""
    return sum(
        len(mark.args[1])
        for name, test in vars(module).items()
        if name.startswith(start)
        for mark in getattr(test, "pytestmark", ())
    )


@pytest.mark.parametrize("module", _modules(), ids=lambda module: module.CHECK.name)
def test_every_check_has_cases_of_both_sides(module: ModuleType) -> None:
    """At least three in which it fires, and three near misses in which it does not."""
    name = module.__name__.rpartition(".")[2]
    tests = importlib.import_module(f"tests.unit.lint.checks.test_{name}")
    assert _cases(tests, "test_it_fires") >= 3
    assert _cases(tests, "test_it_does_not_fire") >= 3


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_the_docstring_says_what_the_check_is(check: LintCheck) -> None:
    """Its first line has id, name and level; then it says why, and shows both sides."""
    first, _, rest = check.about.partition("\n")
    assert re.match(rf"{check.id} {check.name} \({check.level.value}[^)]*\): .+\.$", first)
    assert "\nWhy: " in rest
    examples = examples_of(check.about)
    assert examples.bad
    assert examples.good


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_what_is_called_bad_is_found(check: LintCheck) -> None:
    """Exactly this check fires, beside what refuses the example, exactly at the marked lines."""
    examples = examples_of(check.about)
    for example in examples.bad:
        found = examples.found(example)
        assert {problem.check for problem in found} - {example.refused} == {check.id}
        marks = [each.mark for each in found if each.check == check.id]
        assert [(mark.file, mark.line) for mark in marks] == example.marked


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_what_is_called_good_is_clean(check: LintCheck) -> None:
    """No check fires, so that the way out of one problem is not the way into another."""
    examples = examples_of(check.about)
    for example in examples.good:
        assert examples.found(example) == ()
