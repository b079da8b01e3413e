"""VG305 dst-hazard (warning): a boundary in the hour that clocks skip or repeat.

Why: on one night of the year the window is shorter or longer than it looks. A boundary in a
skipped hour comes at the end of the gap; one in a repeated hour comes once, the first time.
Looked at are the changes of the clocks in the next two years. A cron that comes at the end of
that hour as well, like one for every hour, loses nothing.

Bad:

```yaml
version: 1
schedules:
  late-night:
    timezone: Europe/Berlin
    windows:
      - {start: "30 2 * * *", end: "0 6 * * *"}  # here
rules:
  quiet-lobby:
    where: lobby
    when: {schedule: late-night}
    then: {mute: true}
```

Good:

```yaml
version: 1
schedules:
  late-night:
    timezone: Europe/Berlin
    windows:
      - {start: "30 1 * * *", end: "0 6 * * *"}
rules:
  quiet-lobby:
    where: lobby
    when: {schedule: late-night}
    then: {mute: true}
```
"""

from collections.abc import Iterator
from datetime import datetime

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.logic.clocks import Change, changes_of
from voxguard.lint.subject import Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check
from voxguard.policy.places import Place
from voxguard.policy.schedules import Cron, CronToCron, Once, Schedule, Window

_CHECK = Check("VG305", "dst-hazard")


def _find(subject: Subject) -> Iterator[Problem]:
    for guild in subject.guilds:
        for name, schedule in guild.policy.schedules.items():
            place = guild.definition("schedules", name).place
            yield from _in_schedule(schedule, place, guild.theory.now)


def _in_schedule(schedule: Schedule, place: Place, now: datetime) -> Iterator[Problem]:
    changes = changes_of(schedule.zone, now)
    for key, windows in (("windows", schedule.windows), ("except", schedule.exceptions)):
        for index, window in enumerate(windows if changes else ()):
            at = place.child(key).child(index)
            for part, boundary in _boundaries(window):
                found = next((one for one in changes if _falls_into(boundary, one)), None)
                if found is not None:
                    zone = schedule.zone.key
                    yield warning(_CHECK, at.child(part), _message(boundary, found, zone))


def _boundaries(window: Window) -> Iterator[tuple[str, Cron | datetime]]:
    match window:
        case Once(from_=first, to=last):
            yield from (("from", first), ("to", last))
        case CronToCron(start=start, end=end):
            yield from (("start", start), ("end", end))
        case _:
            yield "start", window.start


def _falls_into(boundary: Cron | datetime, change: Change) -> bool:
    if isinstance(boundary, datetime):
        return change.first <= boundary < change.last
    wall = boundary.last_until(change.last)
    return wall is not None and change.first <= wall < change.last


def _message(boundary: Cron | datetime, change: Change, zone: str) -> str:
    what = f"`{boundary.text}`" if isinstance(boundary, Cron) else f"{boundary:%Y-%m-%d %H:%M}"
    hour = f"{change.first:%H:%M} to {change.last:%H:%M} on {change.first:%Y-%m-%d}"
    if change.is_gap:
        return f"In {zone} clocks skip {hour}: {what} comes at {change.last:%H:%M} then."
    return f"In {zone} clocks show {hour} twice: {what} comes the first time only."


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find)
