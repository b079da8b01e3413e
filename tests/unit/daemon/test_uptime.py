from datetime import timedelta
from pathlib import Path

import pytest

from voxguard.daemon.uptime import Uptime


@pytest.fixture
def boot_id(tmp_path: Path) -> Path:
    """Says which start of the machine this is."""
    path = tmp_path / "boot_id"
    path.write_text("one\n")
    return path


def test_the_time_between_two_runs_is_known_while_the_machine_is_up(boot_id: Path) -> None:
    """Whatever its clock shows."""
    kept = Uptime(boot_id, lambda: 100.0).mark()
    assert kept == {"clock": "one 100.0"}
    assert Uptime(boot_id, lambda: 107.5).since(kept) == timedelta(seconds=7.5)


def test_after_another_start_of_the_machine_it_is_not(boot_id: Path) -> None:
    """Its seconds begin anew then."""
    kept = Uptime(boot_id, lambda: 100.0).mark()
    boot_id.write_text("two\n")
    assert Uptime(boot_id, lambda: 107.5).since(kept) is None


@pytest.mark.parametrize("kept", ["", "one", "one x", "one 200.000", "one nan", "one inf"])
def test_what_makes_no_sense_says_nothing(boot_id: Path, kept: str) -> None:
    """Nothing was kept, or of a machine with other seconds."""
    assert Uptime(boot_id, lambda: 100.0).since({"clock": kept} if kept else {}) is None


def test_a_machine_that_does_not_tell_its_starts_keeps_nothing(tmp_path: Path) -> None:
    """Then the wall clock is all there is."""
    uptime = Uptime(tmp_path / "none", lambda: 100.0)
    assert uptime.mark() == {}
    assert uptime.since({"clock": " 50.000"}) is None


def test_this_machine_tells_its_starts() -> None:
    """Each mark is of a time that has passed since then."""
    uptime = Uptime()
    passed = uptime.since(uptime.mark())
    assert passed is not None
    assert timedelta() <= passed < timedelta(minutes=1)
