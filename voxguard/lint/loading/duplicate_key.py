"""VG006 duplicate-key (error): a key that stands twice in one mapping.

Why: YAML readers keep the last of them and drop the others without a word, so that a rule
loses its condition, or a file all rules but those of its last `rules`.

Bad:

```yaml refused VG006
version: 1
rules:
  quiet-lobby:
    where: lobby
    then: {mute: true}
    where: music  # here
```

Good:

```yaml
version: 1
rules:
  quiet-lobby:
    where: [lobby, music]
    then: {mute: true}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.DUPLICATE_KEY, Level.ERROR, __doc__)
