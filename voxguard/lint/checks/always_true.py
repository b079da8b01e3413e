"""VG202 always-true (warning; error with move or disconnect): a rule that always holds.

Why: a rule without conditions is nearly always one whose conditions were lost. With `disconnect`
nobody but who is exempt could be in voice at all: with `disconnect`, `move` or `timeout` it
is an error. Conditions that everybody meets are none:
the role @everyone, both kinds of channels, `none` of an empty list. A rule with `for` is
not meant: it waits.

Bad:

```yaml
version: 1
rules:
  nobody-stays:  # here
    where: {kinds: [voice, stage]}
    then: {disconnect: true}
```

Good:

```yaml
version: 1
rules:
  nobody-stays-half-a-day:
    for: {time: 12h, across_channels: true}
    then: {disconnect: true}
```
"""

from collections.abc import Iterator

from voxguard.lint.checks.base import LintCheck, error, warning
from voxguard.lint.subject import GuildSubject, RuleView, Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check

_CHECK = Check("VG202", "always-true")
_SEVERE = frozenset({"move", "disconnect", "timeout"})


def _find(subject: Subject) -> Iterator[Problem]:
    for guild in subject.guilds:
        for view in guild.rules:
            if view.rule.lasting is None and _holds_always(view, guild):
                severe = sorted(_SEVERE & {want.key for want in view.rule.wants})
                note = error if severe else warning
                what = f", and says {' and '.join(severe)}" if severe else ""
                yield note(
                    _CHECK,
                    view.place.at_key,
                    f"The rule '{view.name}' holds for everybody at any time{what}.",
                    "Say for whom, where or when it is meant.",
                )


def _holds_always(view: RuleView, guild: GuildSubject) -> bool:
    return all(any(guild.theory.is_certain(atom) for atom in clause) for clause in view.whole)


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find)
