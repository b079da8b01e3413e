"""VG013 conflicting-keys (error): keys that exclude each other.

Why: only one of them could be carried out, and a rule must not leave open which.

Bad:

```yaml refused VG013
version: 1
rules:
  away-from-the-lobby:
    where: lobby
    for: 1h
    then: {disconnect: true, move: afk}  # here
```

Good:

```yaml
version: 1
rules:
  away-from-the-lobby:
    where: lobby
    for: 1h
    then: {move: afk}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.CONFLICT, Level.ERROR, __doc__)
