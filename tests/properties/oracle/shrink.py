"""A failing case made small: whatever can be left out while it still fails is left out."""

import copy
from collections.abc import Callable, Iterator
from typing import Any

from tests.properties.oracle.cases import Case

Fails = Callable[[Case], bool]
Path = tuple[Any, ...]

# Without these a file is none.
_KEPT = frozenset({"version", "guild", "id"})


def shrink(case: Case, fails: Fails) -> Case:
    """The case without all that does not matter for its failing."""
    again = True
    while again:
        smaller = _shrink_once(case, fails)
        again = smaller is not case
        case = smaller
    return case


def _shrink_once(case: Case, fails: Fails) -> Case:
    for paths in (_lines(case), list(_parts(case.files, ()))):
        # From the last one on, so that what is left out moves none that is still to come.
        for path in reversed(paths):
            smaller = _without(case, path)
            if smaller is not None and fails(smaller):
                case = smaller
    return case


def _lines(case: Case) -> list[Path]:
    """The lines of a trace but each guild's first snapshot, and what may go in them."""
    found: list[Path] = []
    appeared = set()
    for n, line in enumerate(case.trace):
        payload = line.get("d", {})
        first = line["t"] == "GUILD_CREATE" and payload["id"] not in appeared
        if first:
            appeared.add(payload["id"])
        else:
            found.append((n,))
        for key, value in payload.items():
            if key in {"members", "voice_states"}:
                found += [(n, "d", key, index) for index in range(len(value))]
            elif isinstance(value, bool) or key == "member":
                found.append((n, "d", key))
    return found


def _parts(value: Any, path: Path) -> Iterator[Path]:  # noqa: ANN401 - any part of a document
    if isinstance(value, dict):
        for key, inner in value.items():
            if key not in _KEPT:
                yield (*path, key)
            yield from _parts(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            if len(value) > 1:
                yield (*path, index)
            yield from _parts(inner, (*path, index))


def _without(case: Case, path: Path) -> Case | None:
    """A copy of the case without the part at a path, if it still has one."""
    smaller = copy.deepcopy(case)
    holder: Any = smaller.trace if isinstance(path[0], int) else smaller.files
    try:
        for step in path[:-1]:
            holder = holder[step]
        del holder[path[-1]]
    except (KeyError, IndexError, TypeError):
        return None
    return smaller
