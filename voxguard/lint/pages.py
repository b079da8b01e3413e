"""The page of documentation that is made of the checks' own docstrings.

`python -m voxguard.lint.pages` prints it.
"""

import re
import sys
from collections.abc import Iterator

from voxguard.lint.checks import CHECKS
from voxguard.lint.checks.base import LintCheck
from voxguard.lint.loading import PAGES
from voxguard.lint.loading.page import LoadingPage

Described = LintCheck | LoadingPage
"""A check with its docstring."""

EVERY: tuple[Described, ...] = tuple(sorted((*CHECKS, *PAGES), key=lambda check: check.id))
"""All checks that there are, by their ids."""

_INTRODUCTION = """\
# Checks

What `voxguard lint` finds in a policy set: what keeps it from loading, and what its rules mean
when it loads. This page is made of the docstrings of the checks.

Three options do more than look at the files as they are:

- `--fix` settles what needs no thought: it puts ids into quotes, and leaves every other byte of
  the files as it was. The report is that of the set as it is afterwards.
- `--base REV` compares the set with what it was in a commit of git, `origin/main` say, and finds
  what has been removed since and is [still named](#vg108-removed-but-used). REV is whatever git
  takes for a commit; where there is none, or no repository, it ends with 2.
- `--fail-level warning` ends with 1 for warnings too, not for errors alone.

The report is for people unless `--format` says otherwise: `json` for programs, `github` for lines
that GitHub shows beside a change, `sarif` for code scanning and editors (SARIF 2.1.0).

The checks of what rules mean reason over sets of roles, lists and channels, over amounts, flags
and schedules, for each guild of the set. The daemon does not run them: no such finding keeps rules
from being in force. What keeps a set from loading, the daemon refuses as well.

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
    return "\n".join([_INTRODUCTION, *_table(), *map(_section, EVERY)])


def _table() -> Iterator[str]:
    yield "| id | name | level | what it finds |"
    yield "|---|---|---|---|"
    for check in EVERY:
        link = f"[{check.id}](#{check.id.lower()}-{check.name})"
        yield f"| {link} | {check.name} | {check.level} | {finds(check)} |"
    yield ""


def finds(check: Described) -> str:
    """What a check finds, in the words of its first line."""
    first, _, _ = check.about.partition("\n")
    return first.partition("): ")[2].removesuffix(".")


def _section(check: Described) -> str:
    first, _, _ = check.about.partition("\n")
    level = first.partition("(")[2].partition(")")[0]
    found = finds(check)
    what = f"{found[:1].upper()}{found[1:]} ({level})."
    return f"## {check.id} {check.name}\n\n{what}\n{explanation(check)}"


def explanation(check: Described) -> str:
    """Why it matters, and the examples, in Markdown."""
    _, _, rest = check.about.partition("\n")
    return re.sub(r"^(Why|Before|Bad|Good):", r"**\1:**", rest, flags=re.MULTILINE)


if __name__ == "__main__":
    sys.stdout.write(page())
