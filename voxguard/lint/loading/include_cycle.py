"""VG104 include-cycle (error): lists that include each other.

Why: who is on them could not be said. Two lists that are to be the same are one list.

Bad:

```yaml refused VG104
version: 1
lists:
  troublemakers: {include: spammers}  # here
  spammers: {include: troublemakers}
rules:
  no-spam: {who: {lists: spammers}, then: {mute: true}}
```

Good:

```yaml
version: 1
lists:
  troublemakers: {entries: ["80351110224678912"], include: spammers}
  spammers: {entries: ["80351110224678913"]}
rules:
  no-spam: {who: {lists: troublemakers}, then: {mute: true}}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.CYCLE, Level.ERROR, __doc__)
