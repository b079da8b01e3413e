"""VG106 duplicate-guild (error): two scopes for one guild.

Why: two directories would moderate the same members without knowing of each other. One of
them most often is a copy whose id has not been changed.

Bad:

```yaml harbour/guild.yaml
version: 1
guild: {id: "110373943822540800"}
```

```yaml island/guild.yaml
version: 1
guild: {id: "110373943822540800"}  # here
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

PAGE = LoadingPage(checks.DUPLICATE_GUILD, Level.ERROR, __doc__)
