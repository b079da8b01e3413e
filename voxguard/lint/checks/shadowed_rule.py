"""VG203 shadowed-rule (warning): an earlier rule leaves this one nothing to decide.

Why: the rule looks as if it did something. Of several rules about mute, say, the first in order
of priority decides, and behind `allow` nothing is decided at all. Where the earlier rule
holds for everybody for whom the later one holds, and as soon, the later one never acts. An
earlier rule that observes shadows no rule that is enforced, and a rule with a `cooldown`, or
one that spares whoever is there, shadows nothing; of one that escalates counts what each step
wants. Messages are sent unless there is an `allow`, and a `hold` outlasts an earlier rule.

Bad:

```yaml
version: 1
rules:
  lobby-is-quiet:
    priority: 10
    where: [lobby, vip]
    then: {mute: true}
  djs-are-quiet-too:  # here
    priority: 20
    where: lobby
    who: {roles: dj}
    then: {mute: true}
```

Good:

```yaml
version: 1
rules:
  djs-are-not-heard-and-hear-nothing:
    priority: 10
    where: lobby
    who: {roles: dj}
    then: {mute: true, deafen: true}
  lobby-is-quiet:
    priority: 20
    where: [lobby, vip]
    then: {mute: true}
```
"""

from collections.abc import Iterator

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.logic.shadow import Earlier, all_shadows
from voxguard.lint.subject import GuildSubject, Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check

_CHECK = Check("VG203", "shadowed-rule")


def _find(subject: Subject) -> Iterator[Problem]:
    for guild in subject.guilds:
        yield from _in_guild(guild)


def _in_guild(guild: GuildSubject) -> Iterator[Problem]:
    earlier = Earlier(guild.terms, guild.rules)
    meanings = set()
    for view in guild.rules:
        meaning = guild.meaning(view)
        # Rules that say the same, and such as never hold, have checks of their own.
        if meaning in meanings or guild.why_never(view):
            continue
        meanings.add(meaning)
        shadows = list(all_shadows(earlier, view))
        if shadows:
            names = " and ".join(f"'{each.name}' ({each.place.key_mark})" for each in shadows)
            yield warning(
                _CHECK,
                view.place.at_key,
                f"The rule '{view.name}' never acts: {names} is decided first and holds "
                "whenever it does.",
                "Give it a lower priority number, or drop it.",
            )
        else:
            earlier.add(view)


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find)
