"""VG402 useless-suppression (warning): a comment that was to silence a check and does not.

Why: it tells whoever reads it that something is known and meant, and nothing is. A suppression is a
comment on the line of the finding or on the line above, with the ids of checks, an optional
day from which on it is over, and a reason. It is useless when it is not understood or has no
reason, when the check does not fire there, and when its day has come: then the finding is
reported again as well. What keeps a set from loading cannot be silenced.

Bad:

```yaml
version: 1
rules:
  # voxguard: ignore VG201: the channels were one once  # here
  music-is-quiet:
    where: music
    then: {mute: true}
```

Good:

```yaml
version: 1
rules:
  # voxguard: ignore VG202: there is nothing but listening in this guild
  everybody-is-quiet:
    then: {mute: true}
```
"""

from collections.abc import Iterator

from voxguard.lint.checks.base import LintCheck
from voxguard.lint.subject import Subject
from voxguard.lint.suppressions import USELESS, suppressions_in
from voxguard.model.problems import Level, Problem


def _find(subject: Subject) -> Iterator[Problem]:
    # Those that are understood and silence nothing come out when all checks have run.
    for file, text in subject.texts.items():
        for found in suppressions_in(file, text):
            if isinstance(found, Problem):
                yield found


CHECK = LintCheck(*USELESS, Level.WARNING, __doc__, _find)
