"""What is told of the policies."""

from pathlib import Path

import pytest

from voxguard.daemon.reload.messages import Reply, Verdict
from voxguard.daemon.reload.status import ReloadStatus, broken
from voxguard.model.problems import Level, Mark, Problem

ERROR = Problem("VG102", "dangling-reference", Level.ERROR, Mark("a.yaml", 3, 5), "No such list.")
WARNING = Problem("VG103", "shadowed-name", Level.WARNING, Mark("a.yaml", 1, 1), "Replaced.")


def test_warnings_keep_nothing_back() -> None:
    """A set with warnings alone is in force."""
    status = ReloadStatus(problems=(WARNING,))
    assert status.in_force
    assert status.errors == ()


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(verdict=Verdict.LOADED), None),
        (Reply(verdict=Verdict.SAME), None),
        (Reply(verdict=Verdict.FAILED, failure="it broke"), "it broke"),
        (Reply(verdict=Verdict.INVALID), "no reason is given"),
        (
            Reply(verdict=Verdict.INVALID, problems=(WARNING, ERROR)),
            "a.yaml:3:5: No such list.",
        ),
        (
            Reply(verdict=Verdict.INVALID, problems=(ERROR, ERROR)),
            "a.yaml:3:5: No such list. (and 1 more)",
        ),
    ],
)
def test_a_load_without_result_has_a_reason(reply: Reply, said: str | None) -> None:
    """The reason is one line: the first error with its place, and how many there are."""
    assert broken(reply, Path("policies")) == said
