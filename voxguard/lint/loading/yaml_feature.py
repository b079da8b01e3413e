"""VG007 yaml-feature (error): tags, merge keys, several documents.

Why: they are read in different ways by different programs, or hide what a rule says from
whoever reads it. Anchors and aliases say the same thing twice, and are allowed.

Bad:

```yaml refused VG007
version: 1
rules:
  quiet-lobby:
    description: !!str quiet  # here
    where: lobby
    then: {mute: true}
```

Good:

```yaml
version: 1
rules:
  quiet-lobby:
    description: quiet
    where: lobby
    then: &quiet {mute: true}
  quiet-music:
    where: music
    then: *quiet
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.FEATURE, Level.ERROR, __doc__)
