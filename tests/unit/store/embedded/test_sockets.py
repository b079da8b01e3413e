import os
import socket
from pathlib import Path

import pytest

from voxguard.errors import UnreachableError
from voxguard.store.embedded import sockets
from voxguard.store.embedded.account import Account


def test_it_lies_in_the_state_directory_when_that_is_short() -> None:
    """One place for everything, as long as it fits."""
    assert next(sockets._places(Path("/state/pg18"), Account())) == Path("/state/run")


@pytest.mark.parametrize("name", ["a,b", "a b", "ä", "x" * 90, "it's"])
def test_paths_that_server_or_client_would_misread_are_avoided(name: str) -> None:
    """A comma, say, would make two hosts of one."""
    assert not sockets._fits(Path("/state") / name)
    assert sockets._fits(Path("/state/run"))


def test_a_directory_of_somebody_elses_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In /tmp anybody could have made a link or a file of that name."""
    data_dir = tmp_path / ("long" * 30) / "pg18"
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "none"))
    monkeypatch.setattr(sockets, "_RUN", tmp_path / "none")
    monkeypatch.setattr(sockets, "_fits", lambda path: path.is_relative_to(tmp_path))
    ours = tmp_path / f"{sockets.cluster_name(data_dir)}-{os.geteuid()}"
    ours.symlink_to(tmp_path)
    with pytest.raises(UnreachableError, match="no directory is short"):
        sockets.make_socket_directory(data_dir, Account())
    ours.unlink()
    assert sockets.make_socket_directory(data_dir, Account()) == ours
    assert sockets.make_socket_directory(data_dir, Account()) == ours
    assert ours.stat().st_mode & 0o777 == 0o700


def test_what_a_killed_server_left_is_removed(tmp_path: Path) -> None:
    """A socket and its lock of old do not keep the next server from starting."""
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(tmp_path / ".s.PGSQL.5432"))
    (tmp_path / ".s.PGSQL.5432.lock").write_text("1")
    sockets.clear_socket_directory(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "other").write_text("")
    sockets.remove_socket_directory(tmp_path)
    assert tmp_path.exists()
