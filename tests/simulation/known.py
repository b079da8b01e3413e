"""Findings that wait for their mending: each is an invariant that does not hold yet.

None is off: a run tells how often it met them, `--strict` fails by them, and each has a case in
`kept/` with which a test fails as soon as it is mended, so that it is taken off here. The case
stays.
"""

from typing import Final

from tests.simulation.watch import Violation

KNOWN: Final[dict[str, str]] = {
    "hold after yielding": "a mute under way that has yielded is sent again after a crash",
    "refused in doubt": "what a request in doubt has set is a stranger's once the next is refused",
    "needless release": "a release passes for done by a report that is older than the hold",
    "needless hold": "a hold passes for done by a report, and ends in lifting a human's",
    "lift in doubt": "a lifting of our own mute that a crash leaves in doubt is not repeated",
    "release in doubt": "a release that a crash left in doubt is repeated, upon a human's by then",
    "echo": "a move of ours that is reported after half a minute counts as an entry",
    "audience": "who is audience by a rule stays so when the guild was away for a while",
    "late hold": "a role that a human has given is not noticed where only voice events tell of it",
    "human again": "what a human has undone and set while nobody watched is lifted as ours",
}


def is_known(violation: Violation) -> bool:
    """Whether a violation is one of those that are known."""
    return violation.name in KNOWN
