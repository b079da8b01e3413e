"""From list documents to lists: entries, files, and what a list includes."""

import posixpath
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from voxguard.model.problems import Mark
from voxguard.policy import checks
from voxguard.policy.definitions import ListDocument
from voxguard.policy.files import LIST_SUFFIXES, Sources
from voxguard.policy.list_files import FileEntries, read_list_file
from voxguard.policy.lists import IdList
from voxguard.policy.namespace import Definition
from voxguard.policy.places import Place
from voxguard.policy.report import Report
from voxguard.policy.schedules import resolve_wall
from voxguard.policy.scope import Scope, did_you_mean
from voxguard.policy.values import shown

MAX_IDS = 10_000_000
"""How many ids all lists of a set together may have, counted in each list that has them."""

_UTC = ZoneInfo("UTC")
_SHOWN = 12


class ListCompiler:
    """Compiles the lists of a set; what is the same for several guilds is done once."""

    def __init__(self, sources: Sources, report: Report) -> None:
        self._sources = sources
        self._report = report
        self._count = 0
        self._files: dict[str, FileEntries] = {}
        self._own: dict[Definition, IdList] = {}
        self._unions: dict[tuple[Definition, tuple[int, ...]], tuple[IdList, list[IdList]]] = {}

    def compile(
        self,
        definitions: Mapping[str, Definition],
        scope: Scope,
        zone: ZoneInfo,
        into: dict[str, IdList | None],
    ) -> None:
        """Fill `into`, which the scope resolves names by, with the lists of a guild."""
        for name in _included_first(definitions, self._report):
            definition = definitions[name]
            document: ListDocument | None = definition.document
            if document is None:
                continue
            own = self._own_entries(definition, document, zone)
            at = definition.place.child("include")
            included = [
                found
                for index, other in enumerate(document.include)
                if (found := scope.list(other, at.child(index))) is not None
            ]
            into[name] = self._union(definition, own, included) if included else own

    def _union(self, definition: Definition, own: IdList, included: list[IdList]) -> IdList:
        # Ids of objects are keys only as long as the objects are kept beside them.
        key = (definition, tuple(id(part) for part in included))
        if key not in self._unions:
            if not self._has_room(sum(len(part) for part in (own, *included)), definition.place):
                return own
            union = IdList.union(definition.name, [own, *included])
            self._unions[key] = union, included
        return self._unions[key][0]

    def _has_room(self, count: int, place: Place) -> bool:
        """Whether so many more ids may be listed. Includes multiply them without bound."""
        self._count += count
        if self._count > MAX_IDS:
            self._report.error(
                checks.TOO_LARGE, place, f"The lists together have more than {MAX_IDS:,} ids."
            )
        return self._count <= MAX_IDS

    def _own_entries(
        self, definition: Definition, document: ListDocument, zone: ZoneInfo
    ) -> IdList:
        if definition not in self._own:
            own_zone = _UTC if definition.shared else zone
            place = definition.place
            files = list(self._named_files(document, place))
            if not self._has_room(sum(len(file.permanent) for file in files), place):
                files = []
            untils: Iterator[tuple[int, datetime, Place | Mark]] = chain(
                (
                    (entry.id, entry.until, place.follow(("entries", index, "until")))
                    for index, entry in enumerate(document.entries)
                    if entry.until is not None
                ),
                *(file.expiring for file in files),
            )
            self._own[definition] = IdList(
                definition.name,
                chain(
                    (entry.id for entry in document.entries if entry.until is None),
                    *(file.permanent for file in files),
                ),
                [
                    (user_id, until_at)
                    for user_id, wall, at in untils
                    if (until_at := self._instant(wall, own_zone, at)) is not None
                ],
            )
        return self._own[definition]

    def _instant(self, wall: datetime, zone: ZoneInfo, place: Place | Mark) -> datetime | None:
        try:
            return resolve_wall(wall, zone) if wall.tzinfo is None else wall.astimezone(UTC)
        except OverflowError:
            self._report.error(
                checks.INVALID_VALUE, place, "This instant is outside the years 1 to 9999."
            )
            return None

    def _named_files(self, document: ListDocument, place: Place) -> Iterator[FileEntries]:
        directory = posixpath.dirname(place.file)
        for index, name in enumerate(document.files):
            at = place.child("files").child(index)
            path = posixpath.normpath(posixpath.join(directory, name))
            if path not in self._files:
                data = self._find(path, name, at)
                if data is None:
                    continue
                self._files[path] = read_list_file(data, path, self._report)
            yield self._files[path]

    def _find(self, path: str, name: str, at: Place) -> bytes | None:
        """The bytes of a list file; what keeps them away is said where the file is named."""
        if path in self._sources.lists:
            return self._sources.lists[path]
        check, hint = checks.LIST_FILE, None
        if name.startswith("/") or path.startswith(".."):
            message = f"The file {shown(name)} lies outside the policy set."
        elif path in self._sources.faults:
            fault = self._sources.faults[path]
            check, message = fault.check, f"The file {shown(name)}: {fault.message}"
        elif not path.lower().endswith(LIST_SUFFIXES):
            message = f"The file {shown(name)} ends neither in .csv nor in .txt."
        else:
            message = f"There is no file {shown(path)} in the policy set."
            hint = did_you_mean(path, self._sources.lists)
            self._report.note_missing("file", path, None, at)
        self._report.error(check, at, message, hint)
        return None


def _included_first(definitions: Mapping[str, Definition], report: Report) -> list[str]:
    """The names in an order in which what a list includes comes before it.

    Without recursion, since a chain of includes may be longer than a stack is deep.
    """
    order: list[str] = []
    done: set[str] = set()
    for start in sorted(definitions):
        path: dict[str, Iterator[tuple[int, str]]] = {}
        if start not in done:
            path[start] = _includes(definitions[start])
        while path:
            name = next(reversed(path))
            step = next(path[name], None)
            if step is None:
                path.popitem()
                done.add(name)
                order.append(name)
                continue
            index, other = step
            if other in path:
                _report_cycle([*path, other], definitions[name], index, report)
            elif other in definitions and other not in done:
                path[other] = _includes(definitions[other])
    return order


def _includes(definition: Definition) -> Iterator[tuple[int, str]]:
    return enumerate(definition.document.include if definition.document else ())


def _report_cycle(path: list[str], at: Definition, index: int, report: Report) -> None:
    names = path[path.index(path[-1]) :]
    if len(names) > _SHOWN:
        names = [*names[: _SHOWN // 2], "…", *names[-_SHOWN // 2 :]]
    cycle = " > ".join(names)
    report.error(
        checks.CYCLE,
        at.place.child("include").child(index),
        f"The lists include each other in a circle: {cycle}.",
    )
