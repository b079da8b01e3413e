"""VG101 duplicate-name (error): two things of one name in one scope.

Why: names are how rules, the log and people speak of things. Of two rules, lists or schedules
of one name the files do not say which is meant; all files of a scope count as one.

Bad:

```yaml guild.yaml
version: 1
guild: {id: "110373943822540800"}
rules:
  quiet: {where: {kinds: stage}, then: {mute: true}}
```

```yaml lobby.yaml
version: 1
rules:
  quiet: {where: {kinds: voice}, then: {mute: true}}  # here
```

Good:

```yaml guild.yaml
version: 1
guild: {id: "110373943822540800"}
rules:
  quiet-stages: {where: {kinds: stage}, then: {mute: true}}
```

```yaml lobby.yaml
version: 1
rules:
  quiet-voice: {where: {kinds: voice}, then: {mute: true}}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.DUPLICATE_NAME, Level.ERROR, __doc__)
