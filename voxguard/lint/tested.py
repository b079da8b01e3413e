"""What the policy tests of a set have shown, as far as checks need it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voxguard.model.problems import Mark
from voxguard.policy.report import Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Tested:
    """The test files of a set, by what came of playing them.

    `untested` are the rules, by where they stand, that are not off and that no test has made
    hold; None where the tests do not load, so that nobody knows. `missing` is what they name
    and the set does not have.
    """

    files: Mapping[str, bytes] = field(default_factory=dict)
    untested: frozenset[Mark] | None = None
    missing: tuple[Missing, ...] = ()
