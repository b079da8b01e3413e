"""A run of policy tests as JSON values, and as lines with styles for people."""

from collections.abc import Iterator

from voxguard.model.decisions import Decision
from voxguard.model.instants import instant_text
from voxguard.model.problems import Mark
from voxguard.policy.cases.case import Expectation
from voxguard.scenario.cases.results import CaseResult, Coverage, Failure, Kind, Run
from voxguard.scenario.cases.wording import Wording

Segment = tuple[str, str]
"""A piece of a line and its role: `passed`, `failed`, `place`, `title`, `hint` or none."""

Line = tuple[Segment, ...]


def run_json(run: Run, coverage: Coverage | None) -> dict[str, object]:
    """The whole run; `coverage` where it was asked for."""
    return {
        "revision": run.revision,
        "tests": [_case_json(result) for result in run.results],
        "summary": {
            "tests": len(run.results),
            "passed": len(run.results) - run.failed,
            "failed": run.failed,
        },
        "coverage": None
        if coverage is None
        else {
            "rules": coverage.rules,
            "held": coverage.rules - len(coverage.never),
            "never": [{"rule": rule.name, **_where(rule.mark)} for rule in coverage.never],
        },
    }


def _where(mark: Mark) -> dict[str, object]:
    return {"file": mark.file, "line": mark.line}


def _case_json(result: CaseResult) -> dict[str, object]:
    return {
        "name": result.case.name,
        **_where(result.case.mark),
        "guild": str(result.case.guild.id),
        "passed": result.passed,
        "stopped": result.stopped,
        "failures": [
            {
                **_where(each.mark),
                "kind": each.kind.value,
                "at": instant_text(each.instant),
                "after_seconds": int(each.at.total_seconds()),
                "member": each.member,
                "expected": None
                if each.expected is None
                else [_expectation_json(one) for one in each.expected],
                "happened": [_decision_json(one) for one in each.happened],
                "why": [line.strip() for line in each.why],
            }
            for each in result.failures
        ],
    }


def _expectation_json(each: Expectation) -> dict[str, object]:
    return {"effect": str(each.effect), "params": dict(each.params), "rule": each.rule}


def _decision_json(each: Decision) -> dict[str, object]:
    return {
        "effect": str(each.effect),
        "params": dict(each.params),
        "rule": each.rule,
        "mode": str(each.mode),
    }


def result_lines(result: CaseResult) -> Iterator[Line]:
    """One test: a line, and what was wrong with it."""
    case = result.case
    word = ("passed", "passed") if result.passed else ("FAILED", "failed")
    yield (
        word,
        ("  ", ""),
        (f"{case.mark.file}:{case.mark.line}", "place"),
        ("  ", ""),
        (
            case.name,
            "title",
        ),
    )
    for failure in result.failures:
        yield from failure_lines(failure, Wording(case))
    if result.stopped:
        yield (("  given up after so many failures", "hint"),)


def failure_lines(failure: Failure, wording: Wording) -> Iterator[Line]:
    """Where, what was expected, what happened, and why."""
    yield (
        (f"  {failure.mark.file}:{failure.mark.line}", "place"),
        (": ", ""),
        (failure.member, "title"),
        (f" at {wording.when(failure.instant)}", ""),
    )
    if failure.kind is not Kind.IMPOSSIBLE:
        expected = "; ".join(map(wording.expectation, failure.expected or ())) or "nothing"
        if failure.expected is None:
            expected += " (no step expects anything of the member then)"
        yield ("    expected: ", "hint"), (expected, "passed")
        happened = "; ".join(map(wording.decision, failure.happened)) or "nothing"
        yield ("    happened: ", "hint"), (happened, "failed")
    for number, line in enumerate(failure.why):
        yield (("    why:      " if not number else "              ", "hint"), (line, ""))


def summary_lines(run: Run, coverage: Coverage | None) -> Iterator[Line]:
    """The sums, and the rules that no test has made hold where that was asked for."""
    count = len(run.results)
    passed = count - run.failed
    parts = [(f"{count} test{'' if count == 1 else 's'}: ", ""), (f"{passed} passed", "passed")]
    if run.failed:
        parts += [(", ", ""), (f"{run.failed} failed", "failed")]
    yield tuple(parts)
    if coverage is not None:
        yield from coverage_lines(coverage)


def coverage_lines(coverage: Coverage) -> Iterator[Line]:
    """How many rules the tests have made hold, and which they have not."""
    held = coverage.rules - len(coverage.never)
    yield ((f"{held} of {coverage.rules} rules held in a test", ""),)
    for rule in coverage.never:
        place = f"{rule.mark.file}:{rule.mark.line}"
        yield ("  never: ", "failed"), (rule.name, "title"), ("  ", ""), (place, "place")
