"""VG102 dangling-reference (error): a name that nothing has.

Why: a rule for a list or a channel that is not there would hold for nobody, or for everybody.
A name is looked for in the guild's own scope, then in what all guilds share; a name in a shared
file has to be found in every guild of the set. With `--base REV` it is said where it stood
before it was [removed](#vg108-removed-but-used).

Bad:

```yaml refused VG102
version: 1
rules:
  quiet-lobby:
    where: lobbby  # here
    then: {mute: true}
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

PAGE = LoadingPage(checks.DANGLING, Level.ERROR, __doc__)
