"""VG014 unknown-version (error): not `version: 1`.

Why: the version says in which language the file is written. Read as another, the same words
could mean something else.

Bad:

```yaml guild.yaml
version: 2  # here
guild: {id: "110373943822540800"}
```

Good:

```yaml guild.yaml
version: 1
guild: {id: "110373943822540800"}
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.VERSION, Level.ERROR, __doc__)
