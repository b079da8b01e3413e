"""VG304 dead-schedule (warning): a schedule that opens no more, or a cron that no date fits.

Why: rules that wait for it wait for ever, and rules that it holds back are never held back. It
has ended when its last window is over; it never opens when its exceptions or its end cover
its windows, as far as can be seen: for the next 400 days at least. A cron expression for a
date that no calendar has is found wherever it stands.

Bad:

```yaml
version: 1
schedules:
  party:  # here
    windows: [{from: 2020-12-31T20:00, to: 2021-01-01T12:00}]
  month-end:
    windows:
      - {start: "0 18 1 * *", for: 6h}
      - {start: "0 18 31 2 *", for: 6h}  # here
rules:
  quiet-lobby:
    where: lobby
    when: {schedule: {none: [party, month-end]}}
    then: {mute: true}
```

Good:

```yaml
version: 1
schedules:
  party:
    windows: [{start: "0 20 31 12 *", for: 16h}]
rules:
  quiet-lobby:
    where: lobby
    when: {schedule: {none: party}}
    then: {mute: true}
```
"""

from collections.abc import Iterator
from datetime import timedelta

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.logic.atoms import Atom
from voxguard.lint.subject import GuildSubject, Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check
from voxguard.policy.namespace import Definition
from voxguard.policy.schedules import Cron, CronToCron, Once, Schedule, Window

_A_DAY = timedelta(days=1)
_CHECK = Check("VG304", "dead-schedule")


def _find(subject: Subject) -> Iterator[Problem]:
    for guild in subject.guilds:
        for name, schedule in guild.policy.schedules.items():
            definition = guild.definition("schedules", name)
            impossible = list(_impossible(definition, schedule))
            yield from impossible
            if not impossible:
                yield from _closed(guild, definition, schedule)


def _impossible(definition: Definition, schedule: Schedule) -> Iterator[Problem]:
    """Each cron expression of which no date comes."""
    for key, windows in (("windows", schedule.windows), ("except", schedule.exceptions)):
        for index, window in enumerate(windows):
            place = definition.place.child(key).child(index)
            for part, cron in _crons(window):
                if cron.never_fires:
                    message = f"No date fits the cron expression '{cron.text}': it never comes."
                    yield warning(_CHECK, place.child(part), message)


def _crons(window: Window) -> Iterator[tuple[str, Cron]]:
    if not isinstance(window, Once):
        yield "start", window.start
    if isinstance(window, CronToCron):
        yield "end", window.end


def _closed(guild: GuildSubject, definition: Definition, schedule: Schedule) -> Iterator[Problem]:
    name = definition.name
    if not guild.theory.calendar.never((frozenset({Atom("schedule", name)}),)):
        return
    ends = [window.to for window in schedule.windows if isinstance(window, Once)]
    # A window is wall-clock time in some zone; which day it is there makes no difference here.
    today = guild.theory.now.replace(tzinfo=None)
    is_over = len(ends) == len(schedule.windows) and max(ends) <= today + _A_DAY
    what = f"ended on {max(ends):%Y-%m-%d}" if is_over else "never opens"
    message = f"The schedule '{name}' {what}."
    yield warning(_CHECK, definition.place.at_key, message, "Drop it, or give it another window.")


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find)
