import gc
import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from voxguard.cli.app import main

GUILD = """
version: 1
guild: {id: "1", channels: {lobby: "21", afk: "22"}}
rules:
  limit: {where: lobby, for: 1h, then: {move: afk}}
  watched: {where: music, mode: observe, then: {mute: true}}
"""
CREATE = {
    "id": "1",
    "channels": [{"id": "23", "type": 2, "name": "dance\x1b[31m floor"}],
    "members": [{"user": {"id": "11", "username": "alice"}, "roles": []}],
}
LINES = [
    ("12:00:00", "GUILD_CREATE", CREATE),
    ("12:00:00", "VOICE_STATE_UPDATE", {"guild_id": "1", "user_id": "11", "channel_id": "21"}),
    ("13:30:00", "VOICE_STATE_UPDATE", {"guild_id": "1", "user_id": "12", "channel_id": "23"}),
    ("13:31:00", "VOICE_STATE_UPDATE", {"guild_id": "1", "user_id": "12", "channel_id": None}),
]


@pytest.fixture
def policies(tmp_path: Path) -> Path:
    """A policy set of one guild."""
    directory = tmp_path / "policies" / "moscow"
    directory.mkdir(parents=True)
    text = GUILD.replace("where: music", 'where: "23"')
    (directory / "guild.yaml").write_text(text, "utf-8")
    return directory.parent


@pytest.fixture
def trace(tmp_path: Path) -> Path:
    """A trace of one and a half hours."""
    file = tmp_path / "trace.jsonl"
    records = [{"at": f"2026-03-02T{at}Z", "t": name, "d": payload} for at, name, payload in LINES]
    file.write_text("".join(json.dumps(record) + "\n" for record in records), "utf-8")
    return file


def test_json_is_a_line_a_decision_and_a_summary(
    policies: Path, trace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The machine format is on standard output alone, in the order of decisions."""
    assert main(["simulate", str(trace), str(policies), "--format", "json"]) == 0
    shown = capsys.readouterr()
    first, *_, last = map(json.loads, shown.out.splitlines())
    assert (first["at"], first["rule"]) == ("2026-03-02T13:00:00Z", "limit")
    assert last == {
        "summary": {
            "events": 4,
            "decisions": 3,
            "by_rule": {"limit": 1, "watched": 2},
            "by_effect": {"move": 1, "mute": 1, "unmute": 1},
        }
    }
    assert shown.err == ""


def test_people_read_names(policies: Path, trace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Guilds, channels and members have their names where they are known, else their ids."""
    assert main(["simulate", str(trace), str(policies)]) == 0
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert lines == [
        "2026-03-02 13:00:00Z moscow 11 (alice) lobby limit move to afk",
        "2026-03-02 13:30:00Z moscow 12 dance\\x1b[31m floor watched mute (observed)",
        "2026-03-02 13:31:00Z moscow 12 - watched unmute (observed)",
        "",
        "4 events, 3 decisions",
        "",
        "rule decisions",
        "watched 2",
        "limit 1",
        "",
        "effect decisions",
        "move 1",
        "mute 1",
        "unmute 1",
        "",
        "mode decisions",
        "observe 2",
        "enforce 1",
    ]


def test_a_trace_without_decisions_says_so(
    policies: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing decided is one line, without empty tables."""
    empty = tmp_path / "empty.jsonl"
    empty.write_bytes(b"")
    assert main(["simulate", str(empty), str(policies)]) == 0
    assert capsys.readouterr().out == "0 events, 0 decisions\n"


def test_standard_input_is_a_trace_too(
    policies: Path,
    trace: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """With `-` the trace is read from a pipe."""
    pipe = SimpleNamespace(buffer=io.BytesIO(trace.read_bytes()))
    monkeypatch.setattr(sys, "stdin", pipe)
    assert main(["simulate", "-", str(policies), "--format", "json"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4


class _Interrupted(io.BytesIO):
    """A trace during which somebody presses Ctrl-C, after so many lines."""

    def __init__(self, data: bytes, lines: int) -> None:
        super().__init__(data)
        self._left = lines

    def readline(self, size: int | None = -1, /) -> bytes:
        if not self._left:
            raise KeyboardInterrupt
        self._left -= 1
        return super().readline(size)


def _press_after(lines: int, trace: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pipe = SimpleNamespace(buffer=_Interrupted(trace.read_bytes(), lines))
    monkeypatch.setattr(sys, "stdin", pipe)


def test_who_has_seen_enough_gets_the_sums_until_then(
    policies: Path,
    trace: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Ctrl-C ends it as it ends any program, but what has been seen is summed up."""
    _press_after(4, trace, monkeypatch)
    assert main(["simulate", "-", str(policies)]) == 130
    shown = capsys.readouterr()
    assert "\n\n3 events, 2 decisions\n\nrule " in shown.out
    assert shown.err == (
        "warning: interrupted at 2026-03-02 13:30:00Z of the trace; the sums are those until then\n"
    )
    _press_after(0, trace, monkeypatch)
    assert main(["simulate", "-", str(policies)]) == 130
    shown = capsys.readouterr()
    assert shown.out == "0 events, 0 decisions\n"
    assert "interrupted before the first line of the trace" in shown.err


def test_an_interrupted_simulation_has_no_summary_for_programs(
    policies: Path,
    trace: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A last line with sums would be taken for those of the whole trace."""
    _press_after(4, trace, monkeypatch)
    assert main(["simulate", "-", str(policies), "--format", "json"]) == 130
    shown = capsys.readouterr()
    assert [json.loads(line)["rule"] for line in shown.out.splitlines()] == ["limit", "watched"]
    assert shown.err == (
        "warning: interrupted at 2026-03-02 13:30:00Z of the trace; there is no summary\n"
    )


@pytest.mark.parametrize("form", ["human", "json"])
def test_a_trace_of_other_guilds_is_warned_of(
    policies: Path, trace: Path, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    """Nothing decided since nothing concerns the set is told apart from nothing to decide."""
    (policies / "moscow" / "guild.yaml").write_text('version: 1\nguild: {id: "2"}\n', "utf-8")
    assert main(["simulate", str(trace), str(policies), "--format", form]) == 0
    assert capsys.readouterr().err == (
        "warning: the trace has no GUILD_CREATE of a guild of the policy set (2),"
        " so that nothing could be decided\n"
    )


def test_one_is_one(policies: Path, trace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A single event and a single decision stand in the singular."""
    create, *_ = trace.read_text("utf-8").splitlines(keepends=True)
    trace.write_text(create, "utf-8")
    assert main(["simulate", str(trace), str(policies)]) == 0
    assert capsys.readouterr() == ("1 event, 0 decisions\n", "")


def test_a_terminal_gets_colours_and_a_bar(
    policies: Path,
    trace: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a terminal lines are coloured, and progress is drawn on standard error."""
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["simulate", str(trace), str(policies)]) == 0
    shown = capsys.readouterr()
    assert "\x1b[" in shown.out
    assert "dance\\x1b[31m floor" in shown.out
    assert "simulating" in shown.err
    assert " events" in shown.err


def test_the_garbage_collector_is_left_as_it_was(policies: Path, trace: Path) -> None:
    """What a simulation sets for itself is set back."""
    before = gc.get_threshold()
    assert main(["simulate", str(trace), str(policies), "--format", "json"]) == 0
    assert gc.get_threshold() == before
