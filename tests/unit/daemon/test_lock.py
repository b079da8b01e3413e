from pathlib import Path

import pytest

from voxguard.daemon.lock import hold_state_directory
from voxguard.errors import LockedError, UsageError


def test_a_state_directory_has_one_daemon(tmp_path: Path) -> None:
    """A second holder is refused until the first lets go, also within one process."""
    state = tmp_path / "deep" / "state"
    with hold_state_directory(state):
        assert state.stat().st_mode & 0o777 == 0o700
        with pytest.raises(LockedError, match="another daemon holds"), hold_state_directory(state):
            pass
    with hold_state_directory(state):
        pass


def test_a_directory_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    """What stands in the way is named, with what to do about it."""
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(UsageError, match="cannot be used") as refused, hold_state_directory(file):
        pass
    assert refused.value.hint is not None
