"""VG206 move-loop (warning): rules that move members in a circle, or to where they are thrown out.

Why: members are moved to and fro until somebody switches a rule off, and every move is a
request to Discord. Rules make a circle when each may hold for members whom the one before has
moved, whatever their `for`. A member is thrown out of the target by a rule that names
it, acts within a minute and moves on, disconnects or times out. Rules without channels in
`where` are not meant: they move from everywhere.

Bad:

```yaml
version: 1
rules:
  lobby-is-not-for-staying:  # here
    where: lobby
    for: 1h
    then: {move: music}
  music-is-for-djs:
    where: music
    who: {roles: {none: dj}}
    then: {move: lobby}
```

Good:

```yaml
version: 1
rules:
  lobby-is-not-for-staying:
    where: lobby
    for: 1h
    then: {move: afk}
  music-is-for-djs:
    where: music
    who: {roles: {none: dj}}
    then: {move: lobby}
```
"""

from collections.abc import Iterator

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.logic.circles import Circles
from voxguard.lint.logic.moves import Awaiting, Mover, movers
from voxguard.lint.subject import GuildSubject, Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check

_CHECK = Check("VG206", "move-loop")


def _find(subject: Subject) -> Iterator[Problem]:
    for guild in subject.guilds:
        yield from _in_guild(guild)


def _in_guild(guild: GuildSubject) -> Iterator[Problem]:
    every = list(movers(guild.rules))
    awaiting = Awaiting(every, guild.terms)
    circles = Circles(every, awaiting)
    told: set[Mover] = set()
    for mover in every:
        if mover in told:
            continue
        way = circles.through(mover)
        if way:
            told |= set(way)
            names = ", ".join(f"'{one.view.name}'" for one in way)
            yield _problem(mover, f"Members are moved in a circle by the rules {names}.")
            continue
        for one in awaiting.after(mover):
            if one.throws_out(mover) and one not in told:
                does = "disconnects" if one.target is None else "moves on"
                name = f"'{one.view.name}' ({one.view.place.key_mark})"
                message = f"Whom '{mover.view.name}' moves, the rule {name} {does} at once."
                yield _problem(mover, message)
                break


def _problem(mover: Mover, message: str) -> Problem:
    hint = "Move them to another channel, or except them from one of the rules."
    return warning(_CHECK, mover.view.place.at_key, message, hint)


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find)
