"""VG103 shadowed-name (warning): a guild's definition that replaces a shared one.

Why: it replaces it as a whole. Whoever adds an entry to the shared list adds nobody to the
guild's, and whoever reads the shared rule reads what does not hold there. If that is meant, a
comment on the line says so.

Bad:

```yaml shared.yaml
version: 1
lists:
  raiders: {entries: ["80351110224678912"]}
```

```yaml harbour/guild.yaml
version: 1
guild: {id: "110373943822540800"}
lists:
  raiders: {entries: ["80351110224678913"]}  # here
rules:
  raiders-stay-out: {who: {lists: raiders}, then: {disconnect: true}}
```

```yaml island/guild.yaml
version: 1
guild: {id: "110373943822540900"}
rules:
  raiders-stay-out: {who: {lists: raiders}, then: {disconnect: true}}
```

Good:

```yaml shared.yaml
version: 1
lists:
  raiders: {entries: ["80351110224678912"]}
```

```yaml harbour/guild.yaml
version: 1
guild: {id: "110373943822540800"}
lists:
  harbour-raiders: {include: raiders, entries: ["80351110224678913"]}
rules:
  raiders-stay-out: {who: {lists: harbour-raiders}, then: {disconnect: true}}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.SHADOWED, Level.WARNING, __doc__)
