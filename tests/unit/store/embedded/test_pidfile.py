import os
import shutil
from pathlib import Path

import pytest

from tests.unit.store.embedded.helpers import process_with
from voxguard.store.embedded.pidfile import PidFile, disown, is_our_server

READY = "4711\n/data\n1795414112\n5432\n/run/vox\n\n  2188077         4\nready   \n"


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    """Number, port, socket and state are the lines that count."""
    (tmp_path / "postmaster.pid").write_text(READY)
    found = PidFile.read(tmp_path)
    assert found == PidFile(4711, 5432, "/run/vox", "ready")
    assert found.is_ready


@pytest.mark.parametrize("text", ["4711\n/data\n", READY.replace("ready   ", "starting")])
def test_a_server_that_begins_is_not_ready(tmp_path: Path, text: str) -> None:
    """The file is written line by line while the server starts."""
    (tmp_path / "postmaster.pid").write_text(text)
    found = PidFile.read(tmp_path)
    assert found is not None
    assert not found.is_ready


@pytest.mark.parametrize("content", [None, b"", b"what?\n", b"\xff\xfe"])
def test_nonsense_is_no_server(tmp_path: Path, content: bytes | None) -> None:
    """A file that a crash has left empty or torn names nobody."""
    if content is not None:
        (tmp_path / "postmaster.pid").write_bytes(content)
    assert PidFile.read(tmp_path) is None


def test_a_file_is_disowned_but_for_its_first_line(tmp_path: Path) -> None:
    """The line by which orphans are found stays."""
    (tmp_path / "postmaster.pid").write_text(READY)
    disown(tmp_path)
    text = (tmp_path / "postmaster.pid").read_text()
    assert text == READY.replace("4711", str(os.getpid()))


def test_a_process_is_known_by_its_argument() -> None:
    """The very argument counts, and a number that nobody has is nobody's."""
    with process_with("cluster_name=voxguard-x") as pid:
        assert is_our_server(pid, "cluster_name=voxguard-x")
        assert not is_our_server(pid, "cluster_name=voxguard")
    assert not is_our_server(pid, "cluster_name=voxguard-x")


@pytest.mark.skipif(not shutil.which("ps"), reason="there is no ps")
def test_without_proc_ps_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Systems without /proc tell a process's arguments too."""
    monkeypatch.setattr(Path, "exists", lambda _: False)
    with process_with("cluster_name=voxguard-x") as pid:
        assert is_our_server(pid, "cluster_name=voxguard-x")
