"""VG008 unknown-key (error): a key that does not exist there.

Why: a key that is accepted and ignored lies: with `unles` in place of `unless` the exception
would be there for everybody to see, and not be made.

Bad:

```yaml refused VG008
version: 1
rules:
  quiet-lobby:
    where: lobby
    unles: {who: {roles: dj}}  # here
    then: {mute: true}
```

Good:

```yaml
version: 1
rules:
  quiet-lobby:
    where: lobby
    unless: {who: {roles: dj}}
    then: {mute: true}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.UNKNOWN_KEY, Level.ERROR, __doc__)
