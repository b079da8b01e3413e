import io
import os
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from rich.progress import Progress

from voxguard.cli import progress
from voxguard.cli.progress import shown, size_of
from voxguard.scenario.trace import Moment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def _moments(count: int) -> list[Moment]:
    return [
        Moment(NOON + timedelta(minutes=number), (), 3, 100 * (number + 1))
        for number in range(count)
    ]


def _on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard error is a terminal; standard output is none."""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "100")


@pytest.fixture
def updates(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the bar is told; a second passes between two looks at the clock."""
    told: list[dict[str, Any]] = []
    update: Callable[..., None] = Progress.update

    def record(self: Progress, *arguments: Any, **fields: Any) -> None:
        told.append(fields)
        update(self, *arguments, **fields)

    seconds = iter(range(1000))
    monkeypatch.setattr(Progress, "update", record)
    monkeypatch.setattr(progress, "_OFTEN_SECONDS", 2)
    monkeypatch.setattr(time, "monotonic", lambda: next(seconds))
    return told


def test_nothing_is_drawn_where_nobody_looks(capsys: pytest.CaptureFixture[str]) -> None:
    """In a pipe the moments are handed on as they are."""
    moments = iter(_moments(3))
    with shown(moments, 300) as watched:
        assert watched is moments
    assert capsys.readouterr() == ("", "")


def test_a_bar_shows_how_much_has_been_read(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    updates: list[dict[str, Any]],
) -> None:
    """Of a file in percent, with the events and the trace's own clock, and not at every line."""
    _on_a_terminal(monkeypatch)
    with shown(iter(_moments(5)), 500) as watched:
        assert list(watched) == _moments(5)
    assert updates == [
        {"completed": 100, "events": 3, "at": "2026-03-02 12:00"},
        {"completed": 300, "events": 9, "at": "2026-03-02 12:02"},
        {"completed": 500, "events": 15, "at": "2026-03-02 12:04"},
    ]
    out, err = capsys.readouterr()
    assert out == ""
    assert "simulating" in err
    assert "100%" in err
    assert "15 events" in err


@pytest.mark.usefixtures("updates")
def test_without_a_size_there_are_no_percents(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a pipe nobody knows how long it is, but that it goes on is seen."""
    _on_a_terminal(monkeypatch)
    with shown(iter(_moments(3)), None) as watched:
        assert len(list(watched)) == 3
    err = capsys.readouterr().err
    assert "9 events" in err
    assert "%" not in err


def test_the_bar_goes_away(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also when it ends with an error; the cursor is there again."""
    _on_a_terminal(monkeypatch)
    with pytest.raises(KeyboardInterrupt), shown(_ends(), 100) as watched:
        list(watched)
    assert capsys.readouterr().err.endswith("\x1b[?25h\r\x1b[1A\x1b[2K")


def _ends() -> Iterator[Moment]:
    yield from _moments(1)
    raise KeyboardInterrupt


def test_the_size_of_a_file_is_what_is_left_of_it(tmp_path: Path) -> None:
    """As with standard input of which some has been read."""
    file = tmp_path / "trace.jsonl"
    file.write_bytes(b"x" * 100)
    with file.open("rb") as opened:
        assert size_of(opened) == 100
        opened.read(30)
        assert size_of(opened) == 70


def test_the_size_of_a_pipe_is_not_known() -> None:
    """Nor that of what is no file of the system's."""
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as pipe:
        assert size_of(pipe) is None
    os.close(writing)
    assert size_of(io.BytesIO(b"x")) is None
