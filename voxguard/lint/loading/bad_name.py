"""VG105 bad-name (error): a name with letters that names cannot have.

Why: names stand in the audit log, in commands and in URLs. They are 1 to 63 lower-case
letters, digits and hyphens, the latter not at either end.

Bad:

```yaml refused VG105
version: 1
rules:
  Quiet_Lobby:  # here
    where: lobby
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

PAGE = LoadingPage(checks.BAD_NAME, Level.ERROR, __doc__)
