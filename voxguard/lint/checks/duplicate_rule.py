"""VG205 duplicate-rule (warning): two rules of one guild that say the same.

Why: the second does nothing, and an edit of one of them leaves the other behind. Rules are
the same when conditions, `for`, `unless`, effects and mode mean the same, however they are
written; names, descriptions, owners and priorities may differ.

Bad:

```yaml
version: 1
rules:
  music-is-quiet:
    where: music
    who: {roles: {none: [dj, staff]}}
    then: {mute: true}
  silence-for-listeners:  # here
    who: {roles: {none: [staff, dj]}}
    where: {channels: {any: [music]}}
    then: {mute: true}
```

Good:

```yaml
version: 1
rules:
  music-is-quiet:
    where: music
    who: {roles: {none: [dj, staff]}}
    then: {mute: true}
  vip-is-quiet:
    where: vip
    who: {roles: {none: [dj, staff]}}
    then: {mute: true}
```
"""

from collections.abc import Iterator

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.subject import RuleView, Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check

_CHECK = Check("VG205", "duplicate-rule")


def _find(subject: Subject) -> Iterator[Problem]:
    for guild in subject.guilds:
        seen: dict[object, RuleView] = {}
        for view in guild.rules:
            first = seen.setdefault(guild.meaning(view), view)
            if first is not view:
                yield warning(
                    _CHECK,
                    view.place.at_key,
                    f"The rule '{view.name}' says the same as '{first.name}' "
                    f"({first.place.key_mark}), which is decided first.",
                    "Drop one of them.",
                )


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find)
