"""VG404 window-over-retention (warning): a rule that looks back further than rows are kept.

Why: whoever asks why a rule has acted looks into the database, and of what is older than
`VOXGUARD_RETENTION` there is nothing in it any more. What `time_used`, `forget_after` and
`cooldown` look back upon should be there to be shown to the member. Where the setting is not
there for `voxguard lint` to read, rows are taken to be kept for good. With
`VOXGUARD_RETENTION=30d`:

Bad:

```yaml
version: 1
rules:
  no-cameras:
    where: lobby
    when: {state: {camera: true}}
    escalate:
      forget_after: 90d  # here
      steps: [{warn: No cameras in the lobby.}, {disconnect: true}]
```

Good:

```yaml
version: 1
rules:
  no-cameras:
    where: lobby
    when: {state: {camera: true}}
    escalate:
      forget_after: 30d
      steps: [{warn: No cameras in the lobby.}, {disconnect: true}]
```
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.subject import RuleView, Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check
from voxguard.policy.conditions.base import Condition
from voxguard.policy.conditions.time_used import HasTimeUsed
from voxguard.policy.places import Place
from voxguard.policy.spans import Rolling

_CHECK = Check("VG404", "window-over-retention")


def _find(subject: Subject) -> Iterator[Problem]:
    kept = subject.retention
    if kept is None:
        return
    for guild in subject.guilds:
        for view in guild.rules:
            for place, what, length in _windows(view):
                if length > kept:
                    yield warning(
                        _CHECK,
                        place,
                        f"{what} of '{view.name}' looks {length.days} days back, and rows are "
                        f"kept for {kept.days}.",
                        "Shorten it, or raise VOXGUARD_RETENTION.",
                    )


def _windows(view: RuleView) -> Iterator[tuple[Place, str, timedelta]]:
    rule, place = view.rule, view.place
    if rule.forget_after is not None:
        yield place.child("escalate").child("forget_after"), "`forget_after`", rule.forget_after
    if rule.cooldown is not None:
        yield place.child("cooldown"), "`cooldown`", rule.cooldown
    yield from _used(rule.conditions, place)
    yield from _used(rule.unless or (), place.child("unless"))


def _used(conditions: Iterable[Condition], place: Place) -> Iterator[tuple[Place, str, timedelta]]:
    for condition in conditions:
        if isinstance(condition, HasTimeUsed) and isinstance(condition.span, Rolling):
            at = place.child("when").child("time_used").child("per")
            yield at, "`time_used`", condition.span.length


def _is_known(subject: Subject) -> bool:
    return bool(subject.guilds) and subject.retention is not None


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find, applies=_is_known)
