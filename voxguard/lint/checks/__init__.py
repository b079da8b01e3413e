"""The checks of policy sets that load, a file each.

A new check is a file of its own and one line in `CHECKS`. Its docstring is its page in
`docs/checks.md` and its test.
"""

from voxguard.lint.checks import duplicate_rule, never_true, unused_definition
from voxguard.lint.checks.base import LintCheck

CHECKS: tuple[LintCheck, ...] = (
    unused_definition.CHECK,
    never_true.CHECK,
    duplicate_rule.CHECK,
)
