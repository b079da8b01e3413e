"""The lock that says that git is at work."""

import errno
import os
import subprocess
import time
from pathlib import Path

import pytest

from voxguard.daemon.reload.git_lock import LONGEST_SECONDS, index_lock, is_locked


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A real repository with a policy directory in it."""
    root = tmp_path / "repository"
    (root / "deep" / "policies").mkdir(parents=True)
    git(root, "init", "-q")
    git(root, "commit", "-q", "--allow-empty", "-m", "first")
    return root


def git(directory: Path, *arguments: str) -> None:
    """Run git, whoever we are."""
    who = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run(["git", *who, *arguments], cwd=directory, check=True, timeout=30)


def test_outside_of_a_repository_there_is_no_lock(tmp_path: Path) -> None:
    """A plain directory is never locked."""
    assert not is_locked(tmp_path)


def test_the_lock_of_the_repository_above(repository: Path) -> None:
    """The policy directory may stand anywhere in the repository."""
    policies = repository / "deep" / "policies"
    assert not is_locked(policies)
    (repository / ".git" / "index.lock").touch()
    assert is_locked(policies)


def test_the_lock_of_a_worktree(repository: Path, tmp_path: Path) -> None:
    """A worktree has a lock of its own, which its file `.git` leads to."""
    worktree = tmp_path / "worktree"
    git(repository, "worktree", "add", "-q", str(worktree))
    lock = index_lock(worktree)
    assert lock is not None
    assert lock.parent == repository / ".git" / "worktrees" / "worktree"
    lock.touch()
    assert is_locked(worktree)
    assert not is_locked(repository)


def test_a_link_into_a_repository(repository: Path, tmp_path: Path) -> None:
    """What counts is where the files really are."""
    link = tmp_path / "link"
    link.symlink_to(repository / "deep" / "policies")
    (repository / ".git" / "index.lock").touch()
    assert is_locked(link)


def test_a_lock_that_was_left_behind(repository: Path) -> None:
    """A lock older than any git at work does not keep policies from loading for ever."""
    lock = repository / ".git" / "index.lock"
    lock.touch()
    old = time.time() - LONGEST_SECONDS - 1
    os.utime(lock, (old, old))
    assert not is_locked(repository)


def test_a_file_that_leads_nowhere(tmp_path: Path) -> None:
    """A file of that name that is not git's is no repository."""
    (tmp_path / ".git").write_text("something else")
    assert index_lock(tmp_path) is None


def test_a_directory_that_may_not_be_looked_into(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who shuts us out does not end us."""

    def shut(path: object, **_: object) -> os.stat_result:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(os, "stat", shut)
        found = index_lock(tmp_path)
    assert found is None
