"""VG005 yaml-syntax (error): not YAML.

Why: nothing can be said of a file whose brackets, quotes or indentation do not fit. The place
is where reading stopped; what is wrong often stands just before it.

Bad:

```yaml refused VG005
version: 1
rules:
  quiet-lobby:
    where: [lobby, music
    then: {mute: true}  # here
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

PAGE = LoadingPage(checks.SYNTAX, Level.ERROR, __doc__)
