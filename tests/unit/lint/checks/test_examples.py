import importlib
import pkgutil
import re
from types import ModuleType

import pytest

from tests.unit.lint.tools import marked, report, with_guild
from voxguard.lint import checks
from voxguard.lint.checks import CHECKS
from voxguard.lint.checks.base import LintCheck
from voxguard.model.problems import Problem
from voxguard.policy import checks as loading

_EXAMPLE = re.compile(
    r"^(Before|Bad|Good):\n\n```yaml(?: refused (VG\d+))?\nversion: 1\n(.*?)```",
    re.MULTILINE | re.DOTALL,
)
_TESTS = re.compile(r"```yaml test\n(.*?)```", re.DOTALL)


def _modules() -> list[ModuleType]:
    found = [
        importlib.import_module(f"{checks.__name__}.{info.name}")
        for info in pkgutil.iter_modules(checks.__path__)
    ]
    return [module for module in found if hasattr(module, "CHECK")]


def _examples(check: LintCheck, kind: str) -> list[tuple[str, str]]:
    """The examples of a kind, and by which check of loading each is refused, if by any."""
    return [
        (text, refused) for name, refused, text in _EXAMPLE.findall(check.about) if name == kind
    ]


def _found(check: LintCheck, text: str) -> tuple[Problem, ...]:
    """What is found in an example; with `Before` to compare with, and tests if there are any."""
    before = [with_guild(each) for each, _ in _examples(check, "Before")]
    tests = {f"{number}.test.yaml": each for number, each in enumerate(_TESTS.findall(check.about))}
    return report(
        with_guild(text), before=before[0] if before else None, tests=tests or None
    ).problems


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


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_the_docstring_says_what_the_check_is(check: LintCheck) -> None:
    """Its first line has id, name and level; then it says why, and shows both sides."""
    first, _, rest = check.about.partition("\n")
    assert re.match(rf"{check.id} {check.name} \({check.level.value}[^)]*\): .+\.$", first)
    assert "\nWhy: " in rest
    assert _examples(check, "Bad")
    assert _examples(check, "Good")


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_what_is_called_bad_is_found(check: LintCheck) -> None:
    """Exactly this check fires, beside what refuses the example, exactly at the marked lines."""
    for example, refused in _examples(check, "Bad"):
        found = _found(check, example)
        assert {problem.check for problem in found} - {refused} == {check.id}
        lines = [each.mark.line for each in found if each.check == check.id]
        assert lines == [line + 1 for line in marked(example)]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_what_is_called_good_is_clean(check: LintCheck) -> None:
    """No check fires, so that the way out of one problem is not the way into another."""
    for example, _ in _examples(check, "Good"):
        assert _found(check, example) == ()
