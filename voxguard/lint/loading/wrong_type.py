"""VG011 wrong-type (error): a text where a truth value is expected, and the like.

Why: nothing is converted silently. In YAML 1.2 `yes` is a text, and a number in place of a
text is somebody else's idea of what it meant.

Bad:

```yaml refused VG011
version: 1
rules:
  bots-are-quiet:
    who: {bot: yes}  # here
    where: lobby
    then: {deafen: true}
```

Good:

```yaml
version: 1
rules:
  people-are-deaf:
    who: {bot: false}
    where: lobby
    then: {deafen: true}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.WRONG_TYPE, Level.ERROR, __doc__)
