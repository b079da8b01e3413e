"""The process that loads: what it answers, and when it ends."""

import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.daemon.reload.sets import rule
from voxguard.daemon.reload import child
from voxguard.daemon.reload.messages import HEADER_BYTES, REPLY, Reply, Request, Verdict
from voxguard.policy.files import Sources, read_sources

START = [sys.executable, "-m", "voxguard.daemon.reload.child"]


def last_word(data: bytes) -> Reply:
    """The reply at the end of what a process has written."""
    kind = b""
    payload = b""
    while data:
        kind, length = data[:1], int.from_bytes(data[1:HEADER_BYTES], "big")
        payload, data = data[HEADER_BYTES : HEADER_BYTES + length], data[HEADER_BYTES + length :]
    assert kind == REPLY
    reply: Reply = pickle.loads(payload)  # noqa: S301 - our own
    return reply


def test_it_ends_when_nothing_is_asked() -> None:
    """A process that was started for nothing goes away with its pipe."""
    done = subprocess.run(START, input=b"", capture_output=True, timeout=30, check=True)
    assert done.stdout == done.stderr == b""


def test_it_ends_with_its_parent(policies: Path) -> None:
    """When the daemon dies in the middle of a load, the load ends too."""
    process = subprocess.Popen(START, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    many = "".join(
        f"  rule-{number}:\n    for: {number + 1}s\n    then: {{mute: true}}\n"
        for number in range(20_000)
    )
    (policies / "many.yaml").write_text(f"version: 1\nrules:\n{many}")
    process.stdin.write(Request(path=str(policies)).encode())
    process.stdin.close()
    assert process.wait(timeout=30) == 1
    process.stdout.close()


def test_nobody_to_answer_is_no_error(policies: Path) -> None:
    """A daemon that no longer listens gets no answer, and nobody a traceback."""
    process = subprocess.Popen(
        START, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    process.stdin.write(Request(path=str(policies)).encode())
    process.stdin.flush()
    process.wait(timeout=30)
    assert process.stderr.read() == b""
    process.stdin.close()
    process.stderr.close()


def test_what_it_trips_over_is_told() -> None:
    """A bug is an answer like any other, with its name."""
    process = subprocess.Popen(START, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b'{"nonsense": 1}\n')
    process.stdin.flush()
    reply = last_word(process.stdout.read())
    assert process.wait(timeout=30) == 0
    process.stdin.close()
    process.stdout.close()
    assert reply.verdict is Verdict.FAILED
    assert "TypeError" in str(reply.failure)


def test_files_that_change_meanwhile(policies: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changed between the first and the last reading is not loaded."""

    def reading(path: Path | str) -> Sources:
        sources = read_sources(path)
        (policies / "one.yaml").write_text(rule("one", 2))
        return sources

    monkeypatch.setattr(child, "read_sources", reading)
    reply = last_word(b"".join(child.answer(Request(path=str(policies)))))
    assert reply == Reply(verdict=Verdict.MOVED)


def test_problems_are_answered(policies: Path) -> None:
    """A set that does not load is answered with its problems and its digest."""
    (policies / "one.yaml").write_text("nonsense")
    reply = last_word(b"".join(child.answer(Request(path=str(policies)))))
    assert reply.verdict is Verdict.INVALID
    assert [problem.mark.file for problem in reply.problems] == ["one.yaml"]
    assert reply.digest == read_sources(policies).digest


def test_what_has_loaded_is_kept(policies: Path, tmp_path: Path) -> None:
    """The files of a good revision are written aside, and those of no other."""
    kept = tmp_path / "kept"
    request = Request(path=str(policies), keep_in=str(kept))
    reply = last_word(b"".join(child.answer(request)))
    assert reply.verdict is Verdict.LOADED
    assert reply.kept is not None
    assert read_sources(reply.kept.path).digest == reply.digest == reply.kept.digest
    again = Request(path=str(policies), keep_in=str(kept), active_revision=reply.revision)
    assert last_word(b"".join(child.answer(again))).verdict is Verdict.SAME
    assert list(kept.iterdir()) == [reply.kept.path]
