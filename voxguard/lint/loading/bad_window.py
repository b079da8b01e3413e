"""VG303 bad-window (error): a window that ends before it begins, or has an offset.

Why: such a window is never open. An offset would say that a clock other than that of the
schedule's own zone is meant.

Bad:

```yaml refused VG303
version: 1
schedules:
  party:
    windows: [{from: 2027-01-01T12:00, to: 2026-12-31T20:00}]  # here
rules:
  quiet-otherwise: {when: {schedule: {none: party}}, then: {mute: true}}
```

Good:

```yaml
version: 1
schedules:
  party:
    windows: [{from: 2099-12-31T20:00, to: 2100-01-01T12:00}]
rules:
  quiet-otherwise: {when: {schedule: {none: party}}, then: {mute: true}}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.BAD_WINDOW, Level.ERROR, __doc__)
