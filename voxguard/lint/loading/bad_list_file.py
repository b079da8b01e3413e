"""VG016 bad-list-file (error): a list file that is not there, or a line in it that is wrong.

Why: a block list that has lost its file blocks nobody, and one wrong line may be the one that
matters. So the whole set waits until the list can be read.

Bad:

```yaml guild.yaml
version: 1
guild: {id: "110373943822540800"}
lists:
  blocked: {files: blocked.txt}
rules:
  blocked-stay-out:
    who: {lists: blocked}
    then: {disconnect: true}
```

```text blocked.txt
80351110224678912
mallory  # here
```

Good:

```yaml guild.yaml
version: 1
guild: {id: "110373943822540800"}
lists:
  blocked: {files: blocked.txt}
rules:
  blocked-stay-out:
    who: {lists: blocked}
    then: {disconnect: true}
```

```text blocked.txt
80351110224678912
80351110224678913  # mallory
```
"""

from voxguard.lint.loading.page import LoadingPage
from voxguard.model.problems import Level
from voxguard.policy import checks

PAGE = LoadingPage(checks.LIST_FILE, Level.ERROR, __doc__)
