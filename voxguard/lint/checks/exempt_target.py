"""VG401 exempt-target (warning): a rule for members whom no rule may touch.

Why: whoever is exempt is exempt from every rule, so that this one never holds for anybody. Bots
are exempt unless guild.yaml says `bots: false`.

Bad:

```yaml
version: 1
guild:
  id: "110373943822540800"
  channels: {music: "110373943822540803"}
  roles: {staff: "110373943822540811", dj: "110373943822540812"}
  exempt: {who: {roles: staff}}
rules:
  staff-who-play-are-quiet:  # here
    who: {roles: {all: [staff, dj]}}
    where: music
    then: {mute: true}
  bots-stay-out:  # here
    who: {bot: true}
    where: music
    then: {disconnect: true}
```

Good:

```yaml
version: 1
guild:
  id: "110373943822540800"
  channels: {music: "110373943822540803"}
  roles: {staff: "110373943822540811", dj: "110373943822540812"}
  exempt: {who: {roles: staff}, bots: false}
rules:
  djs-are-quiet:
    who: {roles: dj}
    where: music
    then: {mute: true}
  bots-stay-out:
    who: {bot: true}
    where: music
    then: {disconnect: true}
```
"""

from collections.abc import Iterator

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.logic.atoms import Atom, Clauses
from voxguard.lint.logic.implication import covers_all
from voxguard.lint.subject import GuildSubject, Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check

_CHECK = Check("VG401", "exempt-target")
_BOTS: Clauses = (frozenset({Atom("bot", "")}),)


def _find(subject: Subject) -> Iterator[Problem]:
    for guild in subject.guilds:
        groups = list(_exempt(guild))
        for view in guild.rules:
            # Of a rule that is for nobody never-true tells.
            if frozenset() in view.whole:
                continue
            for whom, clauses in groups:
                if covers_all(clauses, view.whole):
                    message = f"The rule '{view.name}' is only for {whom}, who are exempt."
                    hint = "Drop the rule, or see `exempt` in guild.yaml."
                    yield warning(_CHECK, view.place.at_key, message, hint)
                    break


def _exempt(guild: GuildSubject) -> Iterator[tuple[str, Clauses]]:
    exempt = guild.policy.exempt
    if exempt.bots:
        yield "bots", _BOTS
    if exempt.who is not None:
        clauses = tuple(clause for _, clause in guild.terms.clauses(exempt.who))
        # Without any, everybody is exempt, and every rule is in vain.
        yield "members", guild.terms.widened(clauses)


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find)
