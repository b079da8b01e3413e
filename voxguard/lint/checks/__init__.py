"""The checks of policy sets, a file each.

A new check is a file of its own and one line in `CHECKS`. Its docstring is its page in
`docs/checks.md` and its test.
"""

from voxguard.lint.checks import (
    always_true,
    conflicting_effects,
    dead_schedule,
    dst_hazard,
    duplicate_rule,
    exempt_target,
    implicit_type,
    missing_test,
    move_loop,
    never_true,
    removed_but_used,
    shadowed_rule,
    unused_definition,
    useless_suppression,
    window_over_retention,
)
from voxguard.lint.checks.base import LintCheck

CHECKS: tuple[LintCheck, ...] = (
    unused_definition.CHECK,
    removed_but_used.CHECK,
    never_true.CHECK,
    always_true.CHECK,
    shadowed_rule.CHECK,
    conflicting_effects.CHECK,
    duplicate_rule.CHECK,
    move_loop.CHECK,
    dead_schedule.CHECK,
    dst_hazard.CHECK,
    exempt_target.CHECK,
    missing_test.CHECK,
    window_over_retention.CHECK,
    implicit_type.CHECK,
    useless_suppression.CHECK,
)
