"""VG017 implicit-type (warning): a Discord id without quotes.

Why: many programs read YAML numbers as floating point and keep 16 digits: an id that has gone
through one of them is that of somebody else. voxguard itself reads all digits, other tools
that open the file may not. Ids in quotes are texts to every program.

Bad:

```yaml
version: 1
lists:
  blocked:
    entries:
      - 80351110224678912  # here
      - {id: 80351110224678913, name: mallory}  # here
rules:
  blocked-stay-out:
    who: {lists: blocked}
    then: {disconnect: true}
```

Good:

```yaml
version: 1
lists:
  blocked:
    entries:
      - "80351110224678912"
      - {id: "80351110224678913", name: mallory}
rules:
  blocked-stay-out:
    who: {lists: blocked}
    then: {disconnect: true}
```
"""

from collections.abc import Iterator
from typing import Any

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.subject import Subject
from voxguard.model.problems import Level, Problem
from voxguard.policy.checks import Check
from voxguard.policy.places import Place
from voxguard.policy.yaml import as_written

_CHECK = Check("VG017", "implicit-type")

_SETS = ("any", "all", "none")


def _find(subject: Subject) -> Iterator[Problem]:
    for file in subject.files.values():
        for value, place in _ids(file.value, file.place):
            if not isinstance(value, str) and (text := as_written(value)) is not None:
                message = f"The id {text} stands here without quotes."
                yield warning(_CHECK, place, message, f'Write "{text}".')


Found = Iterator[tuple[Any, Place]]


def _ids(value: Any, place: Place) -> Found:  # noqa: ANN401 - whatever a file holds
    """Every value of a file where an id may stand."""
    guild = value.get("guild", {})
    at = place.child("guild")
    if "id" in guild:
        yield guild["id"], at.child("id")
    for key in ("channels", "roles"):
        yield from _items(guild.get(key, {}), at.child(key))
    exempt = guild.get("exempt", {})
    yield from _block(exempt, at.child("exempt"))
    for name, one in value.get("lists", {}).items():
        entries = place.child("lists").child(name).child("entries")
        for entry, where in _items(one.get("entries", ()), entries):
            is_mapping = isinstance(entry, dict)
            yield (entry["id"], where.child("id")) if is_mapping else (entry, where)
    for name, rule in value.get("rules", {}).items():
        yield from _rule(rule, place.child("rules").child(name))


def _rule(rule: dict[str, Any], place: Place) -> Found:
    yield from _block(rule, place)
    yield from _block(rule.get("unless", {}), place.child("unless"))
    then = rule.get("then", {})
    if "move" in then:
        yield then["move"], place.child("then").child("move")


def _block(block: dict[str, Any], place: Place) -> Found:
    for name, keys in (("who", ("members", "roles")), ("where", ("channels",))):
        inner, at = block.get(name, {}), place.child(name)
        if not isinstance(inner, dict):
            yield from _items(inner, at)
            continue
        for key in keys:
            yield from _set(inner.get(key, ()), at.child(key))


def _set(value: Any, place: Place) -> Found:  # noqa: ANN401 - as above
    if isinstance(value, dict):
        for part in _SETS:
            yield from _items(value.get(part, ()), place.child(part))
    else:
        yield from _items(value, place)


def _items(value: Any, place: Place) -> Found:  # noqa: ANN401 - as above
    """The items of a list or mapping; of anything else the value itself."""
    if isinstance(value, dict):
        yield from ((each, place.child(key)) for key, each in value.items())
    elif isinstance(value, list | tuple):
        yield from ((each, place.child(index)) for index, each in enumerate(value))
    else:
        yield value, place


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find)
