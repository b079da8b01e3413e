import socket
import stat
from pathlib import Path

import pytest

from voxguard.daemon.control.place import FILE_NAME, listening, reachable


def connect(state_dir: Path) -> None:
    """Connect, as a client does."""
    with socket.socket(socket.AF_UNIX) as client, reachable(state_dir) as path:
        client.connect(path)


def deep(tmp_path: Path) -> Path:
    """A state directory whose path is longer than a socket's may be."""
    state_dir = tmp_path / ("d" * 100) / ("e" * 100)
    state_dir.mkdir(parents=True)
    return state_dir


def test_the_socket_is_for_its_owner_alone(tmp_path: Path) -> None:
    """It is a socket of mode 0600, and gone afterwards."""
    with listening(tmp_path):
        mode = (tmp_path / FILE_NAME).stat().st_mode
        assert stat.S_ISSOCK(mode)
        assert stat.S_IMODE(mode) == 0o600
        connect(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_is_too_long_is_no_hindrance(tmp_path: Path) -> None:
    """The directory is reached through a descriptor, by both sides."""
    state_dir = deep(tmp_path)
    with listening(state_dir):
        assert (state_dir / FILE_NAME).is_socket()
        connect(state_dir)
    assert list(state_dir.iterdir()) == []


def test_a_dead_daemons_socket_is_replaced(tmp_path: Path) -> None:
    """Whoever holds the lock of the directory may."""
    with socket.socket(socket.AF_UNIX) as dead:
        dead.bind(str(tmp_path / FILE_NAME))
    with pytest.raises(ConnectionRefusedError):
        connect(tmp_path)
    with listening(tmp_path):
        connect(tmp_path)


def test_what_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    """It is somebody's, whatever it is."""
    (tmp_path / FILE_NAME).write_text("mine")
    with pytest.raises(OSError, match="no socket"), listening(tmp_path):
        pass
    assert (tmp_path / FILE_NAME).read_text() == "mine"


def test_somebody_elses_socket_is_not_removed_at_the_end(tmp_path: Path) -> None:
    """Only what was made here is."""
    with socket.socket(socket.AF_UNIX) as other:
        with listening(tmp_path):
            (tmp_path / FILE_NAME).unlink()
            other.bind(str(tmp_path / FILE_NAME))
        assert (tmp_path / FILE_NAME).is_socket()


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    """An error of the system, for whoever asked."""
    with pytest.raises(FileNotFoundError), listening(tmp_path / "none"):
        pass
    with pytest.raises(FileNotFoundError), reachable(tmp_path / ("x" * 120)):
        pass
