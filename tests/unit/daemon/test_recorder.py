import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from voxguard.daemon.recorder import Recorder
from voxguard.errors import UsageError
from voxguard.scenario.trace import read_trace

AT = datetime(2026, 3, 1, 19, 0, tzinfo=UTC)


def test_a_recording_is_a_trace(tmp_path: Path) -> None:
    """What was written is read back by the simulation, and what it would ignore is left out."""
    path = tmp_path / "trace.jsonl"
    with Recorder(path) as recorder:
        recorder.write(AT, "GUILD_CREATE", {"id": "100", "name": "Ångström"})
        recorder.write(AT, "TYPING_START", {"user_id": "1"})
    (line,) = path.read_text("utf-8").splitlines()
    assert json.loads(line) == {
        "at": "2026-03-01T19:00:00Z",
        "t": "GUILD_CREATE",
        "d": {"id": "100", "name": "Ångström"},
    }
    assert path.stat().st_mode & 0o777 == 0o600
    with path.open("rb") as file:
        (moment,) = read_trace(file, "trace.jsonl")
    assert moment.at == AT


def test_a_recording_is_not_mixed_with_another(tmp_path: Path) -> None:
    """A file that is there stays as it is."""
    path = tmp_path / "trace.jsonl"
    path.write_text("kept")
    with pytest.raises(UsageError, match="exists already"):
        Recorder(path)
    assert path.read_text() == "kept"


def test_nobody_is_told_to_remove_a_directory(tmp_path: Path) -> None:
    """A directory in place of a file is told as what it is, with other advice."""
    with pytest.raises(UsageError, match="is a directory") as caught:
        Recorder(tmp_path)
    assert "remove" not in (caught.value.hint or "")


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    """The message names the file."""
    with pytest.raises(UsageError, match="cannot be recorded to"):
        Recorder(tmp_path / "no" / "trace.jsonl")


def test_a_trace_never_runs_backwards(tmp_path: Path) -> None:
    """A clock that was set back shows the last instant until it is past it."""
    path = tmp_path / "trace.jsonl"
    with Recorder(path) as recorder:
        for seconds in (0, -5, 1):
            recorder.write(AT + timedelta(seconds=seconds), "GUILD_DELETE", {"id": "100"})
    at = [datetime.fromisoformat(json.loads(line)["at"]) for line in path.read_text().splitlines()]
    assert at == [AT, AT, AT + timedelta(seconds=1)]


def test_a_full_disk_ends_the_recording_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said once, and the daemon goes on."""
    with (
        Recorder(tmp_path / "trace.jsonl") as recorder,
        Path("/dev/full").open("wb", buffering=0) as full,
        capture_logs() as logs,
    ):
        monkeypatch.setattr(recorder, "_file", full)
        recorder.write(AT, "GUILD_DELETE", {"id": "100"})
        recorder.write(AT, "GUILD_DELETE", {"id": "100"})
        monkeypatch.undo()
    assert [(line["event"], line["why"]) for line in logs] == [
        ("recording stopped", "No space left on device")
    ]


def test_a_short_write_is_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a line would be no trace."""

    class Short(io.BytesIO):
        def write(self, _data: object, /) -> int:
            return 1

    with Recorder(tmp_path / "trace.jsonl") as recorder, capture_logs() as logs:
        monkeypatch.setattr(recorder, "_file", Short())
        recorder.write(AT, "GUILD_DELETE", {"id": "100"})
        monkeypatch.undo()
    assert len(logs) == 1
