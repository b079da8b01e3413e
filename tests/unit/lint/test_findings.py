from voxguard.lint import findings
from voxguard.lint.findings import limited
from voxguard.model.problems import Level, Mark, Problem
from voxguard.policy.report import MAX_IN_FILE, MAX_IN_SET


def _found(file: str, line: int, level: Level = Level.WARNING) -> Problem:
    return Problem("VG201", "never-true", level, Mark(file, line, 1), "x")


def test_few_are_left_as_they_are() -> None:
    """In their order, all of them."""
    every = [_found("b", 2), _found("a", 1), _found("b", 1)]
    assert limited(every) == tuple(every)


def test_of_a_file_with_many_the_rest_is_counted() -> None:
    """Errors are not crowded out, and a count that has one among it is one."""
    many = [_found("a", line) for line in range(MAX_IN_FILE + 3)]
    found = limited([*many, _found("a", 9_999, Level.ERROR)])
    assert len(found) == MAX_IN_FILE + 1
    assert found[-2].level is Level.ERROR
    assert (found[-1].mark, found[-1].level) == (Mark("a"), Level.WARNING)
    assert found[-1].message == "4 more in this file, not shown."
    errors = [_found("a", line, Level.ERROR) for line in range(MAX_IN_FILE + 3)]
    assert limited(errors)[-1].level is Level.ERROR


def test_of_a_set_with_many_files_these_are_counted_too() -> None:
    """Not even the counts are more than anybody reads."""
    each = MAX_IN_SET // 10
    most = findings._MOST_FILES
    every = [_found(f"f{n // each:03}", n) for n in range(MAX_IN_SET + each * (most + 7))]
    found = limited(every)
    assert len(found) == MAX_IN_SET + most + 1
    assert found[-2].message == f"{each} more in this file, not shown."
    assert found[-1].mark == Mark(".")
    assert found[-1].message == f"{each * 7:,} more in 7 other files, not shown."
