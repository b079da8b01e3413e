import os
from pathlib import Path

import pytest

from voxguard.store.embedded import options


def test_they_are_emptied_when_they_have_grown_too_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest go first, and no more than necessary."""
    monkeypatch.setattr(options, "_LOG_BYTES", 100)
    (tmp_path / "log").mkdir()
    for age, name in enumerate(("tue", "mon", "sun")):
        path = tmp_path / "log" / f"{name}.log"
        path.write_text("x" * 60)
        os.utime(path, (1000 - age, 1000 - age))
    options.bound_logs(tmp_path)
    sizes = {path.name: path.stat().st_size for path in (tmp_path / "log").iterdir()}
    assert sizes == {"sun.log": 0, "mon.log": 0, "tue.log": 60}
    (tmp_path / "log" / "tue.log").write_text("x" * 200)
    options.bound_logs(tmp_path)
    assert (tmp_path / "log" / "tue.log").stat().st_size == 0


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("LOG: a\nFATAL:  no way\nLOG:  b\n", "no way"),
        ("initdb: error: full\ninitdb: removing\n", "full"),
        ("something\nodd\n", "odd"),
        ("", "it said nothing"),
    ],
)
def test_the_last_complaint_is_what_people_are_told(
    tmp_path: Path, output: str, expected: str
) -> None:
    """A server writes much when it ends; one line of it is the reason."""
    assert options.last_complaint(tmp_path, output) == expected
