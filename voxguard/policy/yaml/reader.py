"""The reader: libyaml's events to plain values with marks, refusing what policies do not use.

libyaml's own composer is never asked: it overflows its stack on deep nesting, and an alias
bomb that it loads in no time takes minutes to walk.
"""

from dataclasses import dataclass
from typing import Any, NoReturn, TypeAlias

from yaml._yaml import CParser
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from voxguard.model.problems import Mark
from voxguard.policy import checks
from voxguard.policy.checks import Check
from voxguard.policy.places import COLUMN_BITS, ListMarks, MapMarks, Marks, Place, pack
from voxguard.policy.report import Report
from voxguard.policy.yaml.messages import TOO_DEEP, explain
from voxguard.policy.yaml.scalars import resolve
from voxguard.policy.yaml.text import decode

Event: TypeAlias = Any
"""One of `yaml.events`, which come without types."""

MAX_DEPTH = 60
_TOO_DEEP = f"Values are nested more than {MAX_DEPTH} levels deep."
MAX_ALIASED = 100_000
"""How many values all aliases of one file together may stand for."""


@dataclass(frozen=True, slots=True)
class Document:
    """The value of a file and where it stands."""

    value: Any
    place: Place


class _FatalError(Exception):
    """Reading cannot go on; what is wrong has been reported."""


@dataclass(frozen=True, slots=True)
class _Anchored:
    value: Any
    marks: Marks
    size: int
    height: int


class _Builder:
    """Builds one document from events."""

    def __init__(self, text: str, file: str, report: Report) -> None:
        self._next = CParser(text).get_event
        self._file = file
        self._report = report
        self._anchors: dict[str, _Anchored | None] = {}
        self._deepest = 0
        self._aliased = 0

    def document(self) -> tuple[Any, Marks]:
        """The only document of the stream; None for an empty one."""
        self._next()
        event = self._next()
        if type(event) is StreamEndEvent:
            return None, pack(1, 1)
        if event.version not in (None, (1, 2)):
            self._fatal(checks.FEATURE, event, "Policies are YAML 1.2; drop the %YAML line.")
        built = self._node(self._next(), 1)
        self._next()
        event = self._next()
        if type(event) is DocumentStartEvent:
            self._fatal(
                checks.FEATURE,
                event,
                "A second document begins here; a policy file holds one.",
                "Put it into a file of its own.",
            )
        return built

    def _node(self, event: Event, depth: int) -> tuple[Any, Marks]:
        kind = type(event)
        if kind is AliasEvent:
            return self._alias(event, depth)
        if event.tag is not None:
            self._refuse_tag(event)
        if event.anchor is not None:
            return self._anchored(event, depth)
        if kind is ScalarEvent:
            return _scalar(event)
        return self._collection(event, depth)

    def _collection(self, event: Event, depth: int) -> tuple[Any, Marks]:
        if depth > self._deepest:
            self._deepest = depth
            self._check_depth(event, depth)
        if type(event) is MappingStartEvent:
            return self._mapping(event, depth + 1)
        return self._sequence(event, depth + 1)

    def _sequence(self, start: Event, depth: int) -> tuple[list[Any], ListMarks]:
        values: list[Any] = []
        items: list[Marks] = []
        next_event, node = self._next, self._node
        while type(event := next_event()) is not SequenceEndEvent:
            # Most values are scalars without ado; these two lines save a call for each.
            plain = type(event) is ScalarEvent and event.anchor is None and event.tag is None
            value, marks = _scalar(event) if plain else node(event, depth)
            values.append(value)
            items.append(marks)
        return values, ListMarks(_position(start), items)

    def _mapping(self, start: Event, depth: int) -> tuple[dict[str, Any], MapMarks]:
        result: dict[str, Any] = {}
        keys: dict[str, int] = {}
        values: dict[str, Marks] = {}
        next_event, node = self._next, self._node
        while type(event := next_event()) is not MappingEndEvent:
            key = self._key(event)
            inner = next_event()
            plain = type(inner) is ScalarEvent and inner.anchor is None and inner.tag is None
            value, marks = _scalar(inner) if plain else node(inner, depth)
            if key in result:
                self._duplicate(event, key, keys[key])
                continue
            result[key] = value
            keys[key] = _position(event)
            values[key] = marks
        return result, MapMarks(_position(start), keys, values)

    def _key(self, event: Event) -> str:
        if type(event) is not ScalarEvent or (not event.value and not event.style):
            self._fatal(checks.FEATURE, event, "A key must be a text.")
        if event.tag is not None or event.anchor is not None:
            self._fatal(checks.FEATURE, event, "A key can have neither a tag nor an anchor.")
        key: str = event.value
        if key == "<<" and not event.style:
            self._error(
                checks.FEATURE,
                event,
                "Merge keys (<<) are not part of YAML 1.2.",
                "Write the keys out, or share a whole value through an alias.",
            )
        return key

    def _anchored(self, event: Event, depth: int) -> tuple[Any, Marks]:
        name, event.anchor, event.tag = event.anchor, None, None
        deepest = self._deepest
        self._anchors[name] = None
        self._deepest = depth - 1
        value, marks = self._node(event, depth)
        height = max(self._deepest - depth + 1, 0)
        self._deepest = max(self._deepest, deepest)
        self._anchors[name] = _Anchored(value, marks, _size(value), height)
        return value, marks

    def _alias(self, event: Event, depth: int) -> tuple[Any, Marks]:
        target = self._anchors.get(event.anchor)
        if target is None:
            inside = event.anchor in self._anchors
            self._fatal(
                checks.FEATURE,
                event,
                f"The alias *{event.anchor} stands inside its own anchor."
                if inside
                else f"The alias *{event.anchor} has no anchor before it.",
            )
        self._check_depth(event, depth + target.height - 1)
        self._deepest = max(self._deepest, depth + target.height - 1)
        self._aliased += target.size
        if self._aliased > MAX_ALIASED:
            self._fatal(
                checks.TOO_LARGE,
                event,
                f"The aliases of this file stand for more than {MAX_ALIASED:,} values.",
            )
        return target.value, target.marks

    def _check_depth(self, event: Event, depth: int) -> None:
        if depth > MAX_DEPTH:
            self._fatal(checks.TOO_LARGE, event, _TOO_DEEP)

    def _refuse_tag(self, event: Event) -> None:
        message = f"The tag {event.tag} is not allowed; policies have no tags."
        self._error(checks.FEATURE, event, message, "Quotes make a text of anything.")

    def _duplicate(self, event: Event, key: str, first: int) -> None:
        line = Place(self._file, first).mark.line
        message = f"The key '{key}' stands here again, first in line {line}."
        self._error(checks.DUPLICATE_KEY, event, message)

    def _error(self, check: Check, event: Event, message: str, hint: str | None = None) -> None:
        self._report.error(check, Place(self._file, _position(event)), message, hint)

    def _fatal(self, check: Check, event: Event, message: str, hint: str | None = None) -> NoReturn:
        self._error(check, event, message, hint)
        raise _FatalError


def _position(event: Event) -> int:
    mark = event.start_mark
    return int(mark.line + 1 << COLUMN_BITS | mark.column + 1)


def _scalar(event: Event) -> tuple[Any, int]:
    mark = event.start_mark
    # An empty style is a plain scalar, the only kind that is not always text.
    value = event.value if event.style else resolve(event.value)
    return value, mark.line + 1 << COLUMN_BITS | mark.column + 1


def _size(value: object) -> int:
    """How many values an alias of this value stands for; aliases in it count in full."""
    if isinstance(value, dict):
        return 1 + sum(map(_size, value.values()))
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1


def read_yaml(data: bytes, file: str, report: Report) -> Document | None:
    """The document in the bytes of a file; None when reading it had to be given up."""
    text = decode(data, file, report)
    if text is None:
        return None
    try:
        value, marks = _Builder(text, file, report).document()
    except _FatalError:
        return None
    except MarkedYAMLError as error:
        place = Mark(file, error.problem_mark.line + 1, error.problem_mark.column + 1)
        if error.problem == TOO_DEEP:
            report.error(checks.TOO_LARGE, place, _TOO_DEEP)
        else:
            report.error(checks.SYNTAX, place, *explain(error, text))
        return None
    except YAMLError as error:
        report.error(checks.SYNTAX, Mark(file), f"This is not YAML: {error}.")
        return None
    return Document(value, Place(file, marks))
