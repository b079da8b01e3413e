"""VG201 never-true (warning): a rule that can never hold.

Why: it looks like protection and is none. A rule never holds when it asks for what it
excludes (in `any` and `none`, in a flag of the voice state and in `unless`, in the bounds of
ages, of people, of entries and of used time), for somebody who is in the guild for longer than
there has been the account, for more used time than its span has, for a list without any entry
left, for members who are not on the list, for a schedule that does not open any more, for
schedules that are never open together, or for three channels at once. Of schedules the next
400 days at least are looked at.

Bad:

```yaml
version: 1
rules:
  djs-and-no-djs:
    who:
      roles: {any: [dj, staff], none: [staff, dj]}  # here
    then: {mute: true}
```

Good:

```yaml
version: 1
rules:
  djs-who-are-not-staff:
    who:
      roles: {any: [dj, staff], none: [staff]}
    then: {mute: true}
```
"""

from collections.abc import Iterator

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.subject import Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check

_CHECK = Check("VG201", "never-true")


def _find(subject: Subject) -> Iterator[Problem]:
    for guild in subject.guilds:
        for view in guild.rules:
            found = guild.why_never(view)
            if found is None:
                continue
            path = None if found.clause is None else view.paths.get(found.clause)
            place = view.place.at_key if path is None else view.place_of(path)
            yield warning(_CHECK, place, f"The rule '{view.name}' can never hold: {found.reason}.")


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find)
