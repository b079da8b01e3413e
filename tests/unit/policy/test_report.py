import pytest

from voxguard.model.problems import Level, Mark
from voxguard.policy import checks, report
from voxguard.policy.places import MapMarks, Place, pack
from voxguard.policy.report import Report


def test_problems_are_sorted_and_each_is_there_once() -> None:
    """By file, line and column; what is said for each guild is said once."""
    found = Report()
    found.error(checks.DANGLING, Mark("b", 1, 1), "x")
    found.warning(checks.SHADOWED, Mark("a", 2, 5), "x", "hint")
    found.error(checks.DANGLING, Mark("a", 2, 4), "x")
    found.error(checks.DANGLING, Mark("b", 1, 1), "x")
    found.error(checks.DANGLING, Mark("a"), "x")
    assert [str(each.mark) for each in found.problems] == ["a", "a:2:4", "a:2:5", "b:1:1"]
    assert found.problems[2].level is Level.WARNING
    assert found.problems[2].hint == "hint"


def test_warnings_alone_do_not_fail() -> None:
    """A set with warnings loads."""
    found = Report()
    assert not found.failed
    found.warning(checks.SHADOWED, Mark("a"), "x")
    assert not found.failed
    found.error(checks.DANGLING, Mark("a"), "x")
    assert found.failed


def test_a_place_brings_its_pointer() -> None:
    """Keys are escaped as RFC 6901 says."""
    found = Report()
    place = Place("a", MapMarks(pack(1, 1), {"x/~": pack(1, 2)}, {"x/~": pack(1, 9)}))
    found.error(checks.DANGLING, place.child("x/~"), "x")
    found.error(checks.DANGLING, place.child("x/~").at_key, "y")
    assert [(each.pointer, each.mark.column) for each in found.problems] == [
        ("/x~1~0", 2),
        ("/x~1~0", 9),
    ]


def test_a_file_and_a_set_can_be_full(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rest is counted, and fails the set even when only warnings are shown."""
    monkeypatch.setattr(report, "MAX_IN_FILE", 2)
    monkeypatch.setattr(report, "MAX_IN_SET", 3)
    found = Report()
    for file in ("a", "b"):
        for line in range(1, 5):
            found.warning(checks.SHADOWED, Mark(file, line), "x")
    assert [str(each.mark) for each in found.problems] == ["a", "a:1", "a:2", "b", "b:1"]
    assert [each.message for each in found.problems if each.mark.line is None] == [
        "2 more in this file, not shown.",
        "3 more in this file, not shown.",
    ]
    assert found.failed


def test_check_ids_are_stable_and_unique() -> None:
    """Suppressions and scripts name them."""
    assert len({check.id for check in checks.ALL}) == len(checks.ALL)
    assert len({check.name for check in checks.ALL}) == len(checks.ALL)
    assert checks.DANGLING == ("VG102", "dangling-reference")
    named = {value for name, value in vars(checks).items() if isinstance(value, checks.Check)}
    assert named == set(checks.ALL)


def test_what_is_missing_is_kept_apart() -> None:
    """As far as the problems themselves are: each with its kind, its guild and its place."""
    found = Report()
    for number in range(report.MAX_IN_FILE + 5):
        place = Place("a", pack(number + 1, 1))
        found.note_missing("list", f"x{number}", "g", place)
        found.error(checks.DANGLING, place, "x")
    assert len(found.missing) == report.MAX_IN_FILE
    assert found.missing[1] == report.Missing("list", "x1", "g", Mark("a", 2, 1), "")
