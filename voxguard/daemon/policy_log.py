"""What the policies give reason to say, as lines of the log."""

from collections.abc import Iterable

import structlog

from voxguard.daemon.reload.status import ReloadStatus
from voxguard.daemon.vitals import policy_complaints
from voxguard.model.problems import Level, Problem

log = structlog.get_logger("voxguard.policies")


def log_status(status: ReloadStatus) -> None:
    """Every problem of the latest load, and what is amiss because of it."""
    log_problems(status.problems)
    for complaint in policy_complaints(status):
        log.error("policies", what=complaint)


def log_problems(problems: Iterable[Problem]) -> None:
    """A line a problem, with its place."""
    for problem in problems:
        say = log.error if problem.level is Level.ERROR else log.warning
        say(
            "policy problem",
            check=problem.check,
            at=str(problem.mark),
            what=problem.message,
            hint=problem.hint,
        )
