"""VG403 missing-test (warning): a rule that no policy test makes hold.

Why: whether a rule does what it is for shows when it matters, or in a test. `voxguard lint`
plays the tests of the set, those in `*.test.yaml` beside the policies, and names the rules that
did not hold for anybody in any of them. Rules that are off need none, and of rules that can
never hold [VG201](#vg201-never-true) tells. Of a set without any test file that alone is said,
once, at the guild; where the tests do not load nothing is said here. A test:

```yaml test
version: 1
tests:
  the lobby is quiet:
    start: 2026-03-02
    members: {alice: {}}
    steps:
      - {at: 1m, member: alice, enters: lobby}
      - {at: 1m, expect: {alice: {mute: true}}}
```

Bad:

```yaml
version: 1
rules:
  lobby-is-quiet:
    where: lobby
    then: {mute: true}
  music-is-quiet:  # here
    where: music
    then: {mute: true}
```

Good:

```yaml
version: 1
rules:
  lobby-is-quiet:
    where: [lobby, music]
    then: {mute: true}
```
"""

from collections.abc import Iterator

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.subject import Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check

_CHECK = Check("VG403", "missing-test")


def _find(subject: Subject) -> Iterator[Problem]:
    tested = subject.tested
    if tested is None or tested.untested is None:
        return
    if not tested.files:
        yield from _none_at_all(subject)
        return
    for guild in subject.guilds:
        for view in guild.rules:
            if view.rule.mark in tested.untested and guild.why_never(view) is None:
                message = f"No policy test makes the rule '{view.name}' hold."
                hint = "Write one: a member for whom it holds, and what is expected then."
                yield warning(_CHECK, view.place.at_key, message, hint)


def _none_at_all(subject: Subject) -> Iterator[Problem]:
    guild = next((guild for guild in subject.guilds if guild.rules), None)
    if guild is not None:
        place = guild.scope.file.place.child("guild").at_key
        message = "The set has no policy tests: nobody knows that its rules do what they are for."
        yield warning(_CHECK, place, message, "Write some into a *.test.yaml beside the rules.")


def _is_known(subject: Subject) -> bool:
    return subject.tested is not None and subject.tested.untested is not None


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find, applies=_is_known)
