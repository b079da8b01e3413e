"""The page of documentation that is made of the checks' own docstrings.

`python -m voxguard.lint.pages` prints it.
"""

import re
import sys
from collections.abc import Iterator

from voxguard.lint.checks import CHECKS
from voxguard.lint.checks.base import LintCheck

_INTRODUCTION = """\
# Checks

What `voxguard lint` finds in a policy set that loads. What keeps a set from loading is in the
[table of problems](language.md#problems). This page is made of the docstrings of the checks. A
check is a *warning* unless it says otherwise.

Three options do more than look at the files as they are:

- `--fix` settles what needs no thought: it puts ids into quotes, and leaves every other byte of
  the files as it was. The report is that of the set as it is afterwards.
- `--base REV` compares the set with what it was in a commit of git, `origin/main` say, and finds
  what has been removed since and is [still named](#vg108-removed-but-used). REV is whatever git
  takes for a commit; where there is none, or no repository, it ends with 2.
- `--fail-level warning` ends with 1 for warnings too, not for errors alone.

The checks reason over what the rules mean: over sets of roles, lists and channels, over flags and
schedules, for each guild of the set. The daemon does not run them: no finding keeps rules from
being in force.

A finding that is meant is silenced by a comment on its line or on the one above, with the id of the
check and the reason. With a date it is reported again from that day on; several ids are parted by
commas. What keeps a set from loading cannot be silenced.

```yaml
version: 1
rules:
  # voxguard: ignore VG202: there is nothing but listening in this guild
  everybody-is-quiet:
    then: {mute: true}
  # voxguard: ignore VG205 until 2027-01-01: the twin goes when the trial is over
  everybody-is-quiet-too:
    then: {mute: true}
```
"""


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([_INTRODUCTION, *_table(), *(_section(check) for check in _sorted())])


def _sorted() -> list[LintCheck]:
    return sorted(CHECKS, key=lambda check: check.id)


def _table() -> Iterator[str]:
    yield "| id | name | what it finds |"
    yield "|---|---|---|"
    for check in _sorted():
        yield f"| [{check.id}](#{check.id.lower()}-{check.name}) | {check.name} | {_finds(check)} |"
    yield ""


def _finds(check: LintCheck) -> str:
    first, _, _ = check.about.partition("\n")
    return first.partition("): ")[2].removesuffix(".")


def _section(check: LintCheck) -> str:
    first, _, rest = check.about.partition("\n")
    level = first.partition("(")[2].partition(")")[0]
    rest = re.sub(r"^(Why|Before|Bad|Good):", r"**\1:**", rest, flags=re.MULTILINE)
    finds = _finds(check)
    return f"## {check.id} {check.name}\n\n{finds[:1].upper()}{finds[1:]} ({level}).\n{rest}"


if __name__ == "__main__":
    sys.stdout.write(page())
