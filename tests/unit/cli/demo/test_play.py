from pathlib import Path
from typing import TextIO

import pytest

from tests.unit.cli.demo.views import full_view
from voxguard.cli.app import main
from voxguard.cli.demo import play
from voxguard.daemon.demo.view import Audience, Summary
from voxguard.errors import UnreachableError


def test_a_failure_shows_the_end_of_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """When the demonstration cannot go on, what the daemon said last comes with the error."""

    async def fail(_audience: Audience, log: TextIO, *, speed: float) -> Summary:
        log.writelines(f"line {number} at speed {speed}\n" for number in range(30))
        raise UnreachableError("no database", hint="install one")

    monkeypatch.setattr(play, "run_demo", fail)
    assert main(["demo", "--speed", "2"]) == 7
    said = capsys.readouterr().err.splitlines()
    assert said[0] == "line 10 at speed 2.0"
    assert said[-2:] == ["error: no database", "hint: install one"]


def test_the_end_is_a_summary_and_a_picture(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """What was done, how quick, how many rows there are, and where to go from here."""

    async def succeed(audience: Audience, _log: TextIO, *, speed: float) -> Summary:
        assert speed == 1
        audience.show(full_view())
        return Summary(
            seconds=41.6,
            decisions=3,
            by_effect={"disconnect": 2, "mute": 1},
            p50_seconds=0.0042,
            edits=4,
            refused=1,
            database="PostgreSQL 18.6",
            rows={"voice_sessions": 5, "action_logs": 3},
        )

    monkeypatch.setattr(play, "run_demo", succeed)
    assert main(["demo", "--picture", str(tmp_path / "demo.svg")]) == 0
    said = capsys.readouterr().out
    assert "The demo is over after 42 s." in said
    assert "3: 2 disconnect, 1 mute" in said
    assert "4.2 ms from event to request (median)" in said
    assert "4 edits while it ran, 1 refused" in said
    assert "voice_sessions 5 rows, action_logs 3 rows" in said
    assert "voxguard lint policies" in said
    assert (tmp_path / "demo.svg").read_text("utf-8").startswith("<svg")


@pytest.mark.parametrize("speed", ["0", "-1", "6", "fast"])
def test_a_speed_has_limits(speed: str, capsys: pytest.CaptureFixture[str]) -> None:
    """What is no speed is an error of usage, before anything is started."""
    assert main(["demo", "--speed", speed]) == 2
    assert "--speed" in capsys.readouterr().err


def test_a_picture_needs_a_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nobody watches for a minute to hear that the picture cannot be written."""
    assert main(["demo", "--picture", str(tmp_path / "nowhere" / "demo.svg")]) == 2
    assert "nowhere" in capsys.readouterr().err
    assert main(["demo", "--picture", str(tmp_path)]) == 2
    assert capsys.readouterr() == (
        "",
        f"error: {tmp_path} is a directory, and no file for the picture\n",
    )
