"""Revisions are kept whole or not at all."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from voxguard.daemon.revisions import DamagedRevisionError, Revisions, Staged, discard, stage
from voxguard.policy.files import Sources, read_sources

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def sources(text: str) -> Sources:
    """A set of a policy file in a directory and a list file."""
    return Sources({"a/rules.yaml": text.encode()}, {"a/ids.txt": b"1\n"})


@pytest.fixture
def revisions(tmp_path: Path) -> Revisions:
    """An empty place, not even made yet."""
    return Revisions(tmp_path / "state" / "revisions")


def kept(revisions: Revisions, text: str) -> Staged:
    """A set that is staged."""
    return stage(sources(text), revisions.directory)


def test_nothing_is_kept_at_first(revisions: Revisions) -> None:
    """A new state directory has no last good revision."""
    assert revisions.active() is None


def test_what_is_kept_reads_like_what_was_read(revisions: Revisions) -> None:
    """The active revision is a policy set with the same files as the one that was staged."""
    revisions.activate(kept(revisions, "x"), "abc" * 20, AT)
    active = revisions.active()
    assert active is not None
    assert (active.revision, active.activated_at) == ("abc" * 20, AT)
    again = read_sources(active.path)
    assert again == sources("x")
    assert again.digest == active.digest


def test_nobody_else_can_read_it(revisions: Revisions) -> None:
    """Files have mode 0600 below a directory of mode 0700, whatever the umask."""
    before = os.umask(0)
    try:
        revisions.activate(kept(revisions, "x"), "r", AT)
    finally:
        os.umask(before)
    active = revisions.active()
    assert active is not None
    assert stat.S_IMODE(active.path.stat().st_mode) == 0o700
    files = [path for path in active.path.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}


def test_staged_is_not_active(revisions: Revisions) -> None:
    """Only activating makes a revision the last good one; discarding leaves no trace."""
    staged = kept(revisions, "x")
    assert revisions.active() is None
    discard(staged)
    assert list(revisions.directory.iterdir()) == []


def test_the_one_before_is_kept_too(revisions: Revisions) -> None:
    """Two revisions stay, and nothing that was left half written."""
    kept(revisions, "left behind")
    for number in range(4):
        revisions.activate(kept(revisions, f"{number}"), f"{number}" * 12, AT)
    names = sorted(path.name[:12] for path in revisions.directory.iterdir())
    assert names == ["2" * 12, "3" * 12, "active.json"]


def test_the_same_revision_again(revisions: Revisions) -> None:
    """Going back to a revision that is still kept works, and so does staying."""
    for text in ("x", "y", "x", "x"):
        revisions.activate(kept(revisions, text), text * 12, AT)
        active = revisions.active()
        assert active is not None
        assert read_sources(active.path) == sources(text)


def test_a_restart_does_not_forget_the_one_before(revisions: Revisions) -> None:
    """Neither the same files again nor other words for the same push the previous one out."""
    for revision, text in (("a", "1"), ("b", "2"), ("b", "2"), ("b", "two")):
        revisions.activate(kept(revisions, text), revision * 12, AT)
    names = sorted(path.name[:12] for path in revisions.directory.iterdir())
    assert names == ["a" * 12, "active.json", "b" * 12]


def test_a_damaged_revision_is_replaced(revisions: Revisions) -> None:
    """Where what is kept is not what was kept, the same files are kept anew."""
    revisions.activate(kept(revisions, "x"), "r" * 12, AT)
    active = revisions.active()
    assert active is not None
    (active.path / "a" / "rules.yaml").write_text("damaged")
    revisions.activate(kept(revisions, "x"), "r" * 12, AT)
    active = revisions.active()
    assert active is not None
    assert read_sources(active.path) == sources("x")


def test_what_cannot_be_written_leaves_nothing(revisions: Revisions) -> None:
    """When writing fails half-way, the half is removed."""
    broken = Sources({"a": b"", "a/b.yaml": b""})
    with pytest.raises(OSError, match="a"):
        stage(broken, revisions.directory)
    assert list(revisions.directory.iterdir()) == []


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"directory": "x"}', "\0"])
def test_a_damaged_pointer_is_said_and_overcome(revisions: Revisions, text: str) -> None:
    """A pointer that makes no sense is an error that names the file, until the next revision."""
    revisions.directory.mkdir(parents=True)
    pointer = revisions.directory / "active.json"
    pointer.write_text(text)
    with pytest.raises(DamagedRevisionError, match=r"active\.json"):
        revisions.active()
    revisions.activate(kept(revisions, "x"), "r", AT)
    assert revisions.active() is not None
