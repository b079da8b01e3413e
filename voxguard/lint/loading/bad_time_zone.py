"""VG301 bad-time-zone (error): no such time zone.

Why: the night begins when the clocks of some place say so. Names are those of the IANA
database, `Europe/Moscow` say; abbreviations such as MSK mean different things to different
people.

Bad:

```yaml refused VG301
version: 1
schedules:
  night:
    timezone: MSK  # here
    windows: [{start: "0 22 * * *", end: "0 8 * * *"}]
rules:
  quiet-nights: {when: {schedule: night}, then: {mute: true}}
```

Good:

```yaml
version: 1
schedules:
  night:
    timezone: Europe/Moscow
    windows: [{start: "0 22 * * *", end: "0 8 * * *"}]
rules:
  quiet-nights: {when: {schedule: night}, then: {mute: true}}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.BAD_ZONE, Level.ERROR, __doc__)
