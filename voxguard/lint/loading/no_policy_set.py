"""VG001 no-policy-set (error): no directory, no policy file in it, or no guild.yaml.

Why: policies are for a guild, and which one a guild.yaml says. A set without any would look
as if it were in force and moderate nobody. Most often the path is that of another directory.

Bad:

```yaml rules/lobby.yaml
version: 1
rules:
  quiet-lobby: {where: {kinds: voice}, then: {mute: true}}
```

Good:

```yaml guild.yaml
version: 1
guild: {id: "110373943822540800"}
```

```yaml rules/lobby.yaml
version: 1
rules:
  quiet-lobby: {where: {kinds: voice}, then: {mute: true}}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.NO_SET, Level.ERROR, __doc__)
