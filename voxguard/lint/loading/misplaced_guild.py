"""VG015 misplaced-guild (error): `guild` outside of guild.yaml, or one guild inside another.

Why: which guild a rule is for is told by the directory that it stands in. With one guild's
scope inside another's, or a guild in a file of another name, that would be anybody's guess.

Bad:

```yaml guild.yaml
version: 1
guild: {id: "110373943822540800"}
```

```yaml settings.yaml
version: 1
guild: {id: "110373943822540900"}  # here
```

Good:

```yaml harbour/guild.yaml
version: 1
guild: {id: "110373943822540800"}
```

```yaml island/guild.yaml
version: 1
guild: {id: "110373943822540900"}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.MISPLACED_GUILD, Level.ERROR, __doc__)
