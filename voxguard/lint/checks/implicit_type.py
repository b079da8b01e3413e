"""VG017 implicit-type (warning): a Discord id without quotes.

Why: many programs read YAML numbers as floating point and keep 16 digits: an id that has gone
through one of them is that of somebody else. voxguard itself reads all digits, other tools
that open the file may not. Ids in quotes are texts to every program. `voxguard lint --fix`
puts the quotes there and changes nothing else. Left alone is a number with an anchor that
stands elsewhere for something that is no id.

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

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from voxguard.lint.checks.base import LintCheck, warning
from voxguard.lint.edits import Edit
from voxguard.lint.subject import Subject
from voxguard.model.problems import Level, Mark, Problem
from voxguard.policy.checks import Check
from voxguard.policy.namespace import PolicyFile
from voxguard.policy.places import Place
from voxguard.policy.values import id_of
from voxguard.policy.yaml import as_written, plain_spans

_CHECK = Check("VG017", "implicit-type")

_SETS = ("any", "all", "none")


def _find(subject: Subject) -> Iterator[Problem]:
    for file in subject.files.values():
        for value, place in _ids(file.value, file.place):
            if not isinstance(value, str) and (text := as_written(value)) is not None:
                what = "id" if id_of(text) is not None else "name"
                message = f"The {what} {text} stands here without quotes."
                yield warning(_CHECK, place, message, f'Write "{text}".')


def _fix(file: PolicyFile, text: str, marks: Collection[Mark]) -> Iterator[Edit]:
    """Quotes round each of them."""
    kept = _elsewhere(file) if "&" in text else frozenset[Mark]()
    positions = {(mark.line or 0, mark.column or 0) for mark in marks if mark not in kept}
    for span in plain_spans(text, positions):
        yield Edit(span.start, span.end, f'"{span.text}"')


def _elsewhere(file: PolicyFile) -> frozenset[Mark]:
    """Where ids stand that are, through an alias, something else as well."""
    ids = Counter(place.mark for _, place in _ids(file.value, file.place))
    every = Counter(place.mark for place in _scalars(file.value, file.place))
    return frozenset(mark for mark, times in ids.items() if times < every[mark])


def _scalars(value: Any, place: Place) -> Iterator[Place]:  # noqa: ANN401 - as below
    if isinstance(value, dict | list):
        for each, at in _items(value, place):
            yield from _scalars(each, at)
    else:
        yield place


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
    yield from _effects(rule.get("then", {}), place.child("then"))
    steps = place.child("escalate").child("steps")
    for index, step in enumerate(rule.get("escalate", {}).get("steps", ())):
        yield from _effects(step, steps.child(index))


def _effects(effects: dict[str, Any], place: Place) -> Found:
    for key in ("move", "grant"):
        yield from _items(effects.get(key, ()), place.child(key))
    channel = effects.get("announce", {}).get("channel", ())
    yield from _items(channel, place.child("announce").child("channel"))


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


CHECK = LintCheck(*_CHECK, Level.WARNING, __doc__, _find, _fix)
