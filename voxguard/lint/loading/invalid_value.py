"""VG012 invalid-value (error): a value that cannot be.

Why: a duration of zero, bounds between which nothing lies, an empty list of names or an id of
twenty digits is a slip. What was meant only its author knows.

Bad:

```yaml refused VG012
version: 1
rules:
  an-hour-is-enough:
    where: lobby
    for: 60  # here
    then: {move: afk}
```

Good:

```yaml
version: 1
rules:
  an-hour-is-enough:
    where: lobby
    for: 60m
    then: {move: afk}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.INVALID_VALUE, Level.ERROR, __doc__)
