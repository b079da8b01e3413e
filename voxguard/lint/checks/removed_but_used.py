"""VG108 removed-but-used (error; warning where a shared one steps in): gone, and still named.

Why: whoever removed it saw what it was, and not who names it. With `--base REV` the set is
compared with what it was in a commit of git: of a channel, role, list, schedule or list file
that is named and is not there any more it is said where it stood; of a rule as well that a
policy test names. Where a guild's own list or schedule is gone and a shared one has its name,
the set loads all the same, and its rules mean something else: that is a warning.

Before:

```yaml
version: 1
lists:
  troublemakers: {entries: ["80351110224678912"]}
rules:
  blocked-stay-out:
    who: {lists: troublemakers}
    then: {disconnect: true}
```

Bad:

```yaml refused VG102
version: 1
lists:
  blocked: {entries: ["80351110224678912"]}
rules:
  blocked-stay-out:
    who: {lists: troublemakers}  # here
    then: {disconnect: true}
```

Good:

```yaml
version: 1
lists:
  blocked: {entries: ["80351110224678912"]}
rules:
  blocked-stay-out:
    who: {lists: blocked}
    then: {disconnect: true}
```
"""

from collections.abc import Iterator

from voxguard.lint.base import Base
from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.references import Reference, inclusions, references
from voxguard.lint.subject import GuildSubject, Subject
from voxguard.model.problems import Level, Mark, Problem
from voxguard.policy.checks import Check
from voxguard.policy.report import Missing

_CHECK = Check("VG108", "removed-but-used")


def _find(subject: Subject) -> Iterator[Problem]:
    base = subject.base
    if base is None:
        return
    scopes = {scope.called: scope for scope in subject.scopes}
    for missing in subject.missing:
        scope = None if missing.guild is None else scopes.get(missing.guild)
        stood = base.place_of(missing.kind, missing.name, scope)
        if stood is not None:
            yield _removed(missing, stood, base)
    for guild in subject.guilds:
        yield from _replaced(guild, base)


def _removed(missing: Missing, stood: Mark, base: Base) -> Problem:
    message = (
        f"The {missing.kind} '{missing.name}' has been removed and is still named here: "
        f"in {base} it was at {stood}."
        if missing.kind != "file"
        else f"The file '{missing.name}' has been removed and is still named here: "
        f"in {base} it was there."
    )
    hint = "Take the name out here as well, or bring back what it stood for."
    return Problem(
        _CHECK.id, _CHECK.name, Level.ERROR, missing.mark, message, missing.pointer, hint
    )


def _replaced(guild: GuildSubject, base: Base) -> Iterator[Problem]:
    """References that have gone over from a guild's own definition to a shared one."""
    before = base.scope(guild.scope)
    if before is None:
        return
    gone = {
        (section, name): definition
        for section in ("lists", "schedules")
        for name, definition in before.namespace.sections[section].items()
        if not definition.shared
        and name in guild.namespace.sections[section]
        and guild.definition(section, name).shared
    }
    for reference in _all_references(guild) if gone else ():
        was = gone.get((reference.section, reference.name))
        if was is not None:
            now = guild.definition(reference.section, reference.name).place
            yield warning(
                _CHECK,
                reference.place,
                f"The {reference.section.removesuffix('s')} '{reference.name}' of guild "
                f"{guild.called} has been removed, in {base} it was at {was.place.key_mark}: "
                f"this means the shared one of {now.key_mark} now.",
                "Give the guild its own again, or use another name.",
            )


def _all_references(guild: GuildSubject) -> Iterator[Reference]:
    yield from references(guild)
    yield from inclusions(guild)


CHECK = LintCheck(
    *_CHECK, Level.ERROR, __doc__, _find, applies=lambda subject: subject.base is not None
)
