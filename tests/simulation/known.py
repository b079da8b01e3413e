"""Findings that wait for their mending: each is an invariant that does not hold yet.

None is off: a run tells how often it met them, `--strict` fails by them, and each has a case in
`kept/` with which a test fails as soon as it is mended, so that it is taken off here. The case
stays.
"""

from typing import Final

from tests.simulation.watch import Violation

KNOWN: Final[dict[str, str]] = {
    "late release": "a release that waited for the disk lifts what a human has set meanwhile",
    "needless hold": "a hold that was never sent passes for ours where a snapshot alone shows it",
    "needless release": "a release in doubt passes for done by a report that was older, and late",
}


def is_known(violation: Violation) -> bool:
    """Whether a violation is one of those that are known."""
    return violation.name in KNOWN
