"""A run of policy tests as JUnit XML, for the pages of CI servers.

The schema is that of Ant's JUnit task, which Jenkins, GitLab and the readers of GitHub's actions
understand: https://github.com/windyroad/JUnit-Schema. It has no place for files and lines, so
that they stand in the text of a failure.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import groupby
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from voxguard.scenario.cases.report import Line, coverage_lines, failure_lines
from voxguard.scenario.cases.results import CaseResult, Coverage, Failure, Kind, Run
from voxguard.scenario.cases.wording import Wording

# What XML 1.0 cannot hold, not even escaped.
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit(run: Run, coverage: Coverage | None, began_at: datetime) -> str:
    """One suite a file; `began_at` is when the run began.

    What the tests cover, where that was asked for, is the output of each suite: the schema has
    no place for it above them.
    """
    output = "\n".join(map(_plain, coverage_lines(coverage))) if coverage else ""
    root = Element("testsuites")
    by_file = groupby(run.results, key=lambda result: result.case.mark.file)
    for number, (file, results) in enumerate(by_file):
        _suite(root, number, file, list(results), began_at).text = _text(output)
    indent(root)
    # ASCII is right in whatever encoding standard output has.
    text: bytes = tostring(root, encoding="us-ascii", xml_declaration=True)
    return text.decode("ascii")


def _suite(
    root: Element, number: int, file: str, results: list[CaseResult], began_at: datetime
) -> Element:
    """Add a suite; the element for its output is left to be filled."""
    package, _, name = _text(file).rpartition("/")
    suite = SubElement(
        root,
        "testsuite",
        {
            "package": package,
            "id": str(number),
            "name": name,
            # Without an offset, as the schema wants it.
            "timestamp": began_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
            "hostname": "localhost",
            "tests": str(len(results)),
            "failures": str(sum(not result.passed for result in results)),
            "errors": "0",
            "time": _seconds(results),
        },
    )
    SubElement(suite, "properties")
    for result in results:
        _case(suite, file, result)
    output = SubElement(suite, "system-out")
    SubElement(suite, "system-err")
    return output


def _case(suite: Element, file: str, result: CaseResult) -> None:
    attributes = {
        "classname": _text(file),
        "name": _text(result.case.name),
        "time": _seconds([result]),
    }
    case = SubElement(suite, "testcase", attributes)
    if result.failures:
        wording = Wording(result.case)
        first = result.failures[0]
        failure = SubElement(
            case, "failure", {"type": first.kind.value, "message": _text(_headline(first, wording))}
        )
        lines = (line for each in result.failures for line in failure_lines(each, wording))
        failure.text = _text("\n".join(map(_plain, lines)))


def _headline(failure: Failure, wording: Wording) -> str:
    if failure.kind is Kind.IMPOSSIBLE:
        return f"{failure.member}: {failure.why[0]}"
    expected = "; ".join(map(wording.expectation, failure.expected or ())) or "nothing"
    happened = "; ".join(map(wording.decision, failure.happened)) or "nothing"
    when = wording.when(failure.instant)
    return f"{failure.member} at {when}: expected {expected}, happened {happened}"


def _plain(line: Line) -> str:
    return "".join(text for text, _ in line)


def _seconds(results: Iterable[CaseResult]) -> str:
    return f"{sum(result.seconds for result in results):.3f}"


def _text(text: str) -> str:
    return _NO_XML.sub("\ufffd", text)
