"""VG204 conflicting-effects (warning): rules of one priority that want opposite things.

Why: which of them wins is then left to the kind of effect and, among equals, to the alphabet. Who
reads the rules cannot see it, and a rule that is renamed moderates in another way. Rules conflict
when they are of the same priority, act after the same `for`, may hold for the same member, and one
moves where the other disconnects or moves elsewhere, or one sets what the other lifts. Channels of
different names count as different places.

Bad:

```yaml
version: 1
rules:
  away-goes-to-afk:
    where: [lobby, music]
    when: {state: {self_deaf: true}}
    then: {move: afk}
  djs-go-to-music:  # here
    where: lobby
    who: {roles: dj}
    then: {move: music}
```

Good:

```yaml
version: 1
rules:
  away-goes-to-afk:
    priority: 50
    where: [lobby, music]
    when: {state: {self_deaf: true}}
    then: {move: afk}
  djs-go-to-music:
    where: lobby
    who: {roles: dj}
    then: {move: music}
```
"""

from collections import defaultdict
from collections.abc import Hashable, Iterator

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.logic.overlap import Overlapping
from voxguard.lint.subject import GuildSubject, RuleView, Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check
from voxguard.policy.effects.base import Want

_CHECK = Check("VG204", "conflicting-effects")


def _find(subject: Subject) -> Iterator[Problem]:
    for guild in subject.guilds:
        yield from _in_guild(guild)


def _in_guild(guild: GuildSubject) -> Iterator[Problem]:
    seen: dict[object, Overlapping] = defaultdict(lambda: Overlapping(guild.terms))
    for view in guild.rules:
        found = None
        # Messages do not get in each other's way.
        for want in dict.fromkeys(want for want in view.rule.wants if want.slot is not None):
            alike = seen[view.rule.priority, view.rule.lasting, view.mode, want.slot]
            first = None if found else next(alike.others(view, _wanted(want)), None)
            alike.add(view, _wanted(want))
            if first is not None:
                found = _problem(view, first, want)
                yield found


def _wanted(want: Want) -> Hashable:
    return want.effect, want.target_id


def _problem(view: RuleView, first: RuleView, want: Want) -> Problem:
    return warning(
        _CHECK,
        view.place.at_key,
        f"The rules '{view.name}' and '{first.name}' ({first.place.key_mark}) have the priority "
        f"{view.rule.priority} and want different things of {want.slot}: '{first.name}' wins.",
        "Give one of them another priority.",
    )


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find)
