"""A rule index as pieces of bytes, each of which is quickly taken in on the other side.

The daemon compiles in a process of its own, and its event loop takes in what comes of it
between two events. One pickle of everything would hold that loop up for a second.
"""

import pickle
from array import array
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from io import BytesIO
from itertools import islice
from typing import Any, Final, TypeVar

from voxguard.engine.index import GuildIndex, IndexedRule, Positions, RuleIndex
from voxguard.model.ids import GuildId
from voxguard.policy.lists import IdList, restore

_RULES: Final = 100
_UNFILED: Final = 20_000
_POSITIONS: Final = 2_000
_INSTANTS: Final = 5_000
_ID_BYTES: Final = 1 << 20
"""How much of each goes into one piece, which takes a few milliseconds to take in."""

_TERMS: Final = (
    "exempt",
    "exempt_who",
    "watches_channels",
    "sparing",
    "lookback",
    "budget",
    "humans",
)
"""What belongs to a guild as a whole."""

_IDS: Final = b"i"
_LIST: Final = b"l"
_PART: Final = b"p"

_T = TypeVar("_T")


class _Pickler(pickle.Pickler):
    """Leaves lists out, which are sent before what refers to them."""

    def __init__(self, buffer: BytesIO) -> None:
        super().__init__(buffer, protocol=5)
        self._numbers: dict[IdList, int] = {}
        self.unsent: list[IdList] = []

    def persistent_id(self, value: object) -> int | None:
        """The number of a list; everything else goes as it is."""
        if type(value) is not IdList:
            return None
        if value not in self._numbers:
            self._numbers[value] = len(self._numbers)
            self.unsent.append(value)
        return self._numbers[value]


class _Encoder:
    """One pickler for all parts: what two of them share is sent, and made, once."""

    def __init__(self) -> None:
        self._buffer = BytesIO()
        self._pickler = _Pickler(self._buffer)

    def part(self, kind: str, value: object) -> Iterator[bytes]:
        """One part of the index, after the lists that it is the first to refer to."""
        part = self._pickled(kind, value)
        unsent, self._pickler.unsent = self._pickler.unsent, []
        for id_list in unsent:
            yield from self._list(id_list)
        yield part

    @staticmethod
    def _list(id_list: IdList) -> Iterator[bytes]:
        # Not by the shared pickler: these pieces overtake the part for which they are sent.
        ids = memoryview(id_list.permanent).cast("B")
        for start in range(0, len(ids), _ID_BYTES):
            yield _IDS + ids[start : start + _ID_BYTES]
        for some in _batches(id_list.expiring.items(), _INSTANTS):
            yield _LIST + pickle.dumps(("expiring", dict(some)))
        yield _LIST + pickle.dumps(("list", (id_list.name, id_list.digest)))

    def _pickled(self, kind: str, value: object) -> bytes:
        self._pickler.dump((kind, value))
        part = _PART + self._buffer.getvalue()
        self._buffer.seek(0)
        self._buffer.truncate()
        return part


def dumps(index: RuleIndex) -> Iterator[bytes]:
    """The pieces of an index, in the order in which an `Assembler` takes them."""
    encoder = _Encoder()
    yield from encoder.part("revision", index.revision)
    for guild_id, guild in index.guilds.items():
        yield from encoder.part("guild", (guild_id, {key: getattr(guild, key) for key in _TERMS}))
        for rules in _batches(guild.rules, _RULES):
            yield from encoder.part("rules", rules)
        for unfiled in _batches(guild.unfiled, _UNFILED):
            yield from encoder.part("unfiled", unfiled)
        for kind in ("by_member", "by_channel", "by_role"):
            for some in _weighed(getattr(guild, kind).items()):
                yield from encoder.part(kind, dict(some))
        for by_list in _weighed(guild.by_list):
            yield from encoder.part("by_list", by_list)
    yield from encoder.part("end", None)


class _Unpickler(pickle.Unpickler):
    """Puts the lists back that were sent before."""

    def __init__(self, buffer: BytesIO) -> None:
        super().__init__(buffer)
        self.lists: list[IdList] = []

    def persistent_load(self, pid: int) -> IdList:
        """The list of a number."""
        return self.lists[pid]


class _Guild:
    """What has come of one guild."""

    def __init__(self, guild_id: GuildId, terms: Mapping[str, Any]) -> None:
        self.guild_id = guild_id
        self.terms = terms
        self.rules: list[IndexedRule] = []
        self.by_name: dict[str, IndexedRule] = {}
        self.unfiled: list[int] = []
        self.by_list: list[tuple[IdList, Positions]] = []
        self.maps: dict[str, Any] = {kind: {} for kind in ("by_member", "by_channel", "by_role")}

    def add(self, kind: str, value: Any) -> None:  # noqa: ANN401 - each kind has its own
        """Take in one part."""
        match kind:
            case "rules":
                self.rules.extend(value)
                self.by_name.update((rule.name, rule) for rule in value)
            case "unfiled":
                self.unfiled.extend(value)
            case "by_list":
                self.by_list.extend(value)
            case _:
                self.maps[kind].update(value)

    def finish(self) -> GuildIndex:
        """The guild's index."""
        return GuildIndex(
            guild_id=self.guild_id,
            rules=tuple(self.rules),
            by_name=self.by_name,
            unfiled=tuple(self.unfiled),
            by_list=tuple(self.by_list),
            **self.terms,
            **self.maps,
        )


class Assembler:
    """Makes an index of its pieces, given in order.

    They are pickles: take them from a process of one's own and from nobody else.
    """

    def __init__(self) -> None:
        """Begin with nothing."""
        self._buffer = BytesIO()
        self._unpickler = _Unpickler(self._buffer)
        self._ids = array("q")
        self._expiring: dict[int, datetime] = {}
        self._revision = ""
        self._guilds: list[_Guild] = []
        self._complete = False

    def feed(self, piece: bytes) -> None:
        """Take in one piece, in a few milliseconds."""
        if piece[:1] == _IDS:
            self._ids.frombytes(memoryview(piece)[1:])
            return
        if piece[:1] == _LIST:
            self._take_list(*pickle.loads(memoryview(piece)[1:]))  # noqa: S301 - see the class
            return
        self._buffer.seek(0)
        self._buffer.truncate()
        self._buffer.write(piece)
        self._buffer.seek(len(_PART))
        kind, value = self._unpickler.load()
        match kind:
            case "guild":
                self._guilds.append(_Guild(*value))
            case "revision":
                self._revision = value
            case "end":
                self._complete = True
            case _:
                self._guilds[-1].add(kind, value)

    def finish(self) -> RuleIndex:
        """The index.

        Raises:
            ValueError: Its last piece has not come.
        """
        if not self._complete:
            raise ValueError("the index is not complete")
        guilds: Mapping[GuildId, GuildIndex] = {
            guild.guild_id: guild.finish() for guild in self._guilds
        }
        return RuleIndex(revision=self._revision, guilds=guilds)

    def _take_list(self, kind: str, value: Any) -> None:  # noqa: ANN401 - as above
        if kind == "expiring":
            self._expiring.update(value)
            return
        name, digest = value
        restored = restore(name, self._ids, self._expiring, digest)
        self._unpickler.lists.append(restored)
        self._ids = array("q")
        self._expiring = {}


def _batches(values: Iterable[_T], size: int) -> Iterator[tuple[_T, ...]]:
    rest = iter(values)
    while batch := tuple(islice(rest, size)):
        yield batch


def _weighed(items: Iterable[tuple[_T, Positions]]) -> Iterator[list[tuple[_T, Positions]]]:
    """Batches of about equally many positions; one key's positions stay together."""
    batch: list[tuple[_T, Positions]] = []
    weight = 0
    for key, positions in items:
        batch.append((key, positions))
        weight += len(positions) + 1
        if weight >= _POSITIONS:
            yield batch
            batch, weight = [], 0
    if batch:
        yield batch
