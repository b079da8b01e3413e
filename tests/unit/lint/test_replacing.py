import os
import stat
from pathlib import Path

import pytest

from voxguard.errors import LockedError, UsageError
from voxguard.lint.replacing import Replacement, replace_files


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file that says `old`."""
    file = tmp_path / "a.yaml"
    file.write_bytes(b"old")
    return file


def _replace(*files: Path, before: bytes = b"old") -> None:
    replace_files([Replacement(file, before, b"new\r\n") for file in files])


def _leftovers(directory: Path) -> list[str]:
    return sorted(each.name for each in directory.rglob("*") if each.name.startswith("."))


def test_the_mode_stays(file: Path) -> None:
    """Who could read or run a file still can, and nobody else."""
    file.chmod(0o751)
    _replace(file)
    assert file.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o751
    assert _leftovers(file.parent) == []


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_the_owner_stays(file: Path) -> None:
    """Root fixes somebody's files without taking them."""
    os.chown(file, 1234, 2345)
    _replace(file)
    assert (file.stat().st_uid, file.stat().st_gid) == (1234, 2345)


def test_who_may_not_give_files_away_owns_them(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever may write into a directory gets the file, as with other editors."""

    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "fchown", refuse)
    _replace(file)
    assert file.read_bytes() == b"new\r\n"


def test_a_reader_keeps_what_it_has_opened(file: Path) -> None:
    """The old file is not written into: nobody reads half of each."""
    with file.open("rb") as reader:
        _replace(file)
        assert reader.read() == b"old"


def test_a_link_goes_on_being_one(file: Path) -> None:
    """The file that it leads to is replaced, once for all of its names."""
    one, other = file.parent / "one.yaml", file.parent / "other.yaml"
    one.symlink_to("a.yaml")
    other.symlink_to(one)
    _replace(one, other, file)
    assert file.read_bytes() == b"new\r\n"
    assert one.is_symlink()
    assert other.is_symlink()


@pytest.mark.parametrize("now", [b"else", b"ol", b"old and more"])
def test_a_file_that_has_changed_is_left(file: Path, now: bytes) -> None:
    """Somebody else's edit is not lost, and the files beside it are not changed either."""
    changed = file.with_name("b.yaml")
    changed.write_bytes(now)
    with pytest.raises(LockedError, match=r"b\.yaml has changed since it was read"):
        _replace(file, changed)
    assert file.read_bytes() == b"old"
    assert changed.read_bytes() == now
    assert _leftovers(file.parent) == []


def test_a_change_while_the_others_are_written_is_seen(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file is looked at once more right before it is replaced."""
    fsync = os.fsync

    def meanwhile(number: int) -> None:
        file.write_bytes(b"else")
        fsync(number)

    monkeypatch.setattr(os, "fsync", meanwhile)
    with pytest.raises(LockedError):
        _replace(file)
    assert file.read_bytes() == b"else"
    assert _leftovers(file.parent) == []


def test_a_file_that_has_gone(file: Path) -> None:
    """It is not made again."""
    with pytest.raises(LockedError, match=r"gone\.yaml is not there any more"):
        _replace(file.with_name("gone.yaml"), file)
    assert file.read_bytes() == b"old"


def test_a_file_that_may_not_be_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is read-only stays as it is, although its directory is not."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UsageError, match=r"a\.yaml is not writable; no file was changed"):
        _replace(file)
    assert file.read_bytes() == b"old"


def test_a_directory_that_may_not_be_written(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names the file and the reason."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="written: No space left on device; no file was changed"):
        _replace(file)
    assert file.read_bytes() == b"old"
    assert _leftovers(file.parent) == []


def test_what_goes_wrong_halfway_is_told(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the second of two cannot be put into its place, the message counts the first."""
    other = file.with_name("b.yaml")
    other.write_bytes(b"old")
    replace = Path.replace

    def once(self: Path, target: Path) -> Path:
        if target == other:
            raise OSError
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", once)
    with pytest.raises(UsageError, match=r"b\.yaml .*: OSError; files changed before it: 1"):
        _replace(file, other)
    assert _leftovers(file.parent) == []
