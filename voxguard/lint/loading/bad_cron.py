"""VG302 bad-cron (error): a cron expression that is not understood.

Why: dialects of cron differ. Five fields of numbers, names, ranges, steps and lists mean the
same everywhere; six fields, `L`, `#` and the like do not, and are refused.

Bad:

```yaml refused VG302
version: 1
schedules:
  night:
    windows:
      - {start: "0 0 22 * * *", for: 10h}  # here
rules:
  quiet-nights: {when: {schedule: night}, then: {mute: true}}
```

Good:

```yaml
version: 1
schedules:
  night:
    windows:
      - {start: "0 22 * * *", for: 10h}
rules:
  quiet-nights: {when: {schedule: night}, then: {mute: true}}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.BAD_CRON, Level.ERROR, __doc__)
