import json
from pathlib import Path

import pytest

from voxguard.cli.app import main
from voxguard.scenario import spans

GUILD = """
version: 1
guild: {id: "1", timezone: Europe/Berlin}
schedules:
  quiet: {windows: [{start: "0 22 * * *", end: "0 8 * * *"}]}
  once: {windows: [{from: 2020-01-01T10:00, to: 2020-01-01T11:00}]}
  always: {windows: [{from: 1970-01-01, to: 2199-12-31}]}
"""
SPAN = ["--from", "2026-03-28T00:00:00Z", "--to", "2026-03-29T12:00:00Z"]


@pytest.fixture
def policies(tmp_path: Path) -> str:
    """A policy set of one guild."""
    directory = tmp_path / "berlin"
    directory.mkdir()
    (directory / "guild.yaml").write_text(GUILD, "utf-8")
    return str(tmp_path)


def test_intervals_are_on_the_clocks_of_the_zone(
    policies: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Local times with their offset, how long each lasts, and what is cut off by the span."""
    assert main(["schedules", policies, "quiet", *SPAN]) == 0
    title, *lines = capsys.readouterr().out.splitlines()
    assert title.startswith("quiet of berlin (Europe/Berlin): now ")
    assert ", closes " in title or ", opens " in title
    assert lines == [
        (
            "  Sat 2026-03-28 01:00:00+0100  to  Sat 2026-03-28 08:00:00+0100"
            "  7:00:00, open before that too"
        ),
        "  Sat 2026-03-28 22:00:00+0100  to  Sun 2026-03-29 08:00:00+0200  9:00:00",
    ]


def test_every_schedule_is_shown(policies: str, capsys: pytest.CaptureFixture[str]) -> None:
    """All schedules by name; one that is never open in the span says so."""
    assert main(["schedules", policies, *SPAN]) == 0
    always, once, quiet = capsys.readouterr().out.split("\n\n")
    assert "always of berlin (Europe/Berlin): now open, closes " in always
    assert always.endswith("1 day, 12:00:00, open before that too, and on from there")
    assert once == "once of berlin (Europe/Berlin): now closed\n  never in this span"
    assert quiet.startswith("quiet of berlin")


def test_json_has_instants_in_utc(policies: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The machine format is one document; the span is two weeks from now where none is given."""
    assert main(["schedules", policies, "quiet", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["from"] == shown["now"]
    (one,) = shown["schedules"]
    assert one["schedule"] == "quiet"
    assert 14 <= len(one["intervals"]) <= 15
    assert all(each["from"].endswith("Z") for each in one["intervals"])


def test_more_than_anybody_reads_is_cut(
    policies: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A long answer ends with a line that says so."""
    monkeypatch.setattr(spans, "MOST_INTERVALS", 2)
    arguments = ["--from", "2026-03-01", "--to", "2026-04-01"]
    assert main(["schedules", policies, "quiet", *arguments]) == 0
    assert capsys.readouterr().out.endswith("\n  and more after these 2\n")


def test_a_set_without_schedules_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """An empty answer is one line."""
    (tmp_path / "guild.yaml").write_text('version: 1\nguild: {id: "1"}\n', "utf-8")
    assert main(["schedules", str(tmp_path)]) == 0
    assert capsys.readouterr().out == "the policy set has no schedules\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["quit"], "no schedule 'quit'\nhint: Did you mean quiet?"),
        (["quiet", "--from", "2026-03-02", "--to", "2026-03-01"], "does not begin before it ends"),
        (["quiet", "--from", "9999-12-31"], "not between the years"),
        (["quiet", "--from", "soon"], "not an instant"),
    ],
)
def test_what_is_unknown_ends_with_2(
    policies: str, arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """An unknown name and a span that is none are refused with what to do."""
    assert main(["schedules", policies, *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert message in shown.err
