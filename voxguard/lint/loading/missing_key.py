"""VG010 missing-key (error): a key that is needed.

Why: a rule without effects, a file without its version or a guild without its id says less
than it has to, and nothing can be assumed in its place.

Bad:

```yaml refused VG010
version: 1
rules:
  quiet-lobby:
    where: lobby  # here
```

Good:

```yaml
version: 1
rules:
  quiet-lobby:
    where: lobby
    then: {mute: true}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.MISSING_KEY, Level.ERROR, __doc__)
