import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from voxguard.model.problems import Mark
from voxguard.scenario.cases.junit import junit
from voxguard.scenario.cases.results import Coverage, Run

TESTS = """
    good:
      start: 2026-03-02T12:00:00Z
      members: {alice: {in: lobby}}
      steps: [{at: 0s, expect: {alice: {mute: true}}}]
    "wrong <é>":
      start: 2026-03-02T12:00:00Z
      members: {alice: {in: lobby}, bob: {}}
      steps:
        - {at: 0s, expect: {alice: {deafen: true}}}
        - {at: 1s, member: bob, human: {mute: true}}
    impossible:
      start: 2026-03-02T12:00:00Z
      members: {alice: {}}
      steps:
        - {at: 0s, member: alice, human: {mute: true}}
        - {at: 0s, expect: {alice: nothing}}
"""
RULES = """
rules:
  one: {where: lobby, then: {mute: true}}
  two: {where: music, then: {mute: true}}
"""
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_junit_is_as_its_schema_wants_it(play: Callable[..., tuple[Run, Coverage]]) -> None:
    """Suites with all attributes, in each its properties, tests and outputs, in this order."""
    run, coverage = play(RULES, TESTS)
    text = junit(run, coverage, NOON)
    assert text.isascii()
    [suite] = ET.fromstring(text)  # noqa: S314 - our own text
    assert {**suite.attrib, "time": ""} == {
        "package": "",
        "id": "0",
        "name": "a.test.yaml",
        "timestamp": "2026-03-02T12:00:00",
        "hostname": "localhost",
        "tests": "3",
        "failures": "2",
        "errors": "0",
        "time": "",
    }
    assert [child.tag for child in suite] == [
        "properties",
        "testcase",
        "testcase",
        "testcase",
        "system-out",
        "system-err",
    ]
    good, wrong, impossible = suite.findall("testcase")
    assert set(good.attrib) == {"classname", "name", "time"}
    assert list(good) == []
    assert wrong.attrib["name"] == "wrong <é>"
    [failure] = wrong
    assert failure.attrib == {
        "type": "missing",
        "message": "alice at 0s (2026-03-02T12:00:00Z): expected deafen, happened mute by one",
    }
    assert "a.test.yaml:11: alice at 0s" in (failure.text or "")
    assert "a.test.yaml:12: bob at 1s" in (failure.text or "")
    assert impossible[0].attrib["message"] == (
        "alice: Discord lets moderators mute and deafen only who is in voice"
    )
    assert suite.findtext("system-out") == (
        "1 of 2 rules held in a test\n  never: two  guild.yaml:9"
    )


def test_what_xml_cannot_hold_is_replaced(play: Callable[..., tuple[Run, Coverage]]) -> None:
    """The name of a file may have any character; without coverage there is no output."""
    run, _ = play(RULES, TESTS)
    result = run.results[0]
    named = replace(result, case=replace(result.case, mark=Mark("a\x1b\ud800/b", 1, 1)))
    [suite] = ET.fromstring(junit(Run("", (named,)), None, NOON))  # noqa: S314 - our own text
    assert (suite.attrib["package"], suite.attrib["name"]) == ("a\ufffd\ufffd", "b")
    assert suite.findtext("system-out") == ""
