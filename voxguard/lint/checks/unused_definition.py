"""VG107 unused-definition (warning): a list or schedule that nothing refers to.

Why: whoever reads it believes that it does something. Most often the rule that used it is
gone, or names another one by mistake. A list is used by a rule, by `exempt` or by a used
list that includes it, a schedule by a rule; a rule that is off uses what it names. Names of
channels and roles are no definitions: commands and tests use them too.

Bad:

```yaml
version: 1
lists:
  blocked: {entries: ["80351110224678912"]}
  raiders: {entries: ["80351110224678913"]}  # here
rules:
  blocked-stay-out:
    who: {lists: blocked}
    then: {disconnect: true}
```

Good:

```yaml
version: 1
lists:
  blocked: {entries: ["80351110224678912"], include: raiders}
  raiders: {entries: ["80351110224678913"]}
rules:
  blocked-stay-out:
    who: {lists: blocked}
    then: {disconnect: true}
```
"""

from collections.abc import Iterator

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.references import references
from voxguard.lint.subject import GuildSubject, Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check
from voxguard.policy.namespace import Definition

_CHECK = Check("VG107", "unused-definition")


def _find(subject: Subject) -> Iterator[Problem]:
    used = {each for guild in subject.guilds for each in _used(guild)}
    for file in subject.files.values():
        for section, definition in file.definitions:
            if section != "rules" and definition not in used:
                kind = section.removesuffix("s")
                yield warning(
                    _CHECK,
                    definition.place.at_key,
                    f"Nothing uses the {kind} '{definition.name}'.",
                    "Drop it, or name it in a rule.",
                )


def _used(guild: GuildSubject) -> Iterator[Definition]:
    """The lists and schedules that the rules of a guild and its exemptions refer to."""
    names = dict.fromkeys((each.section, each.name) for each in references(guild))
    inside = guild.terms.inside
    for name in [name for section, name in names if section == "lists"]:
        names.update(dict.fromkeys(("lists", inner) for inner in inside.get(name, ())))
    for section, name in names:
        yield guild.definition(section, name)


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find)
