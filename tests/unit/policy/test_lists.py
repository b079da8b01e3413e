import pickle
from array import array
from datetime import UTC, datetime, timedelta

import pytest

from voxguard.model.ids import UserId
from voxguard.policy.lists import IdList

EARLY = datetime(2026, 1, 1, tzinfo=UTC)
LATE = datetime(2026, 6, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def small_and_large() -> list[IdList]:
    """The same ids below and above the size from which on memory counts more."""
    ids = [5, 3, 5, 9]
    return [IdList("x", ids), IdList("x", [*ids, *range(100, 20_000)])]


@pytest.mark.parametrize("one", small_and_large(), ids=["small", "large"])
def test_who_is_in(one: IdList) -> None:
    """Those who were named, and nobody beside or between them, at any size."""
    inside = [user for user in range(20) if one.contains(UserId(user), EARLY)]
    assert inside == [3, 5, 9]
    assert not one.contains(UserId(30_000), EARLY)
    assert one.permanent[:3] == array("q", [3, 5, 9])
    assert not one.timed
    assert one.changes_at(UserId(3), EARLY) is None


def test_until_is_the_first_instant_outside() -> None:
    """The entry ends then, and this is foretold before."""
    one = IdList("x", [], [(7, LATE)])
    assert one.timed
    assert one.contains(UserId(7), LATE - SECOND)
    assert one.changes_at(UserId(7), LATE - SECOND) == LATE
    assert not one.contains(UserId(7), LATE)
    assert one.changes_at(UserId(7), LATE) is None


def test_the_longest_of_several_entries_counts() -> None:
    """Somebody is in as long as any entry says so."""
    one = IdList("x", [1], [(1, EARLY), (2, LATE), (2, EARLY), (3, EARLY), (3, LATE)])
    assert dict(one.expiring) == {2: LATE, 3: LATE}
    assert len(one) == 3


def test_a_union_has_everybody() -> None:
    """Whoever is in one of the lists; staying in one outweighs ending in another."""
    union = IdList.union("u", [IdList("a", [1], [(2, EARLY)]), IdList("b", [2], [(3, LATE)])])
    assert list(union.permanent) == [1, 2]
    assert dict(union.expiring) == {3: LATE}
    assert union.name == "u"


def test_equal_content_is_equal() -> None:
    """Order and repetition mean nothing; name, ids and ends do."""
    one = IdList("x", [1, 2], [(3, LATE), (4, EARLY)])
    same = IdList("x", [2, 1, 1], [(4, EARLY), (3, LATE)])
    assert one == same
    assert hash(one) == hash(same)
    assert one.digest == same.digest
    others = [
        IdList("y", [1, 2], [(3, LATE), (4, EARLY)]),
        IdList("x", [1], [(3, LATE), (4, EARLY)]),
        IdList("x", [1, 2], [(3, EARLY), (4, EARLY)]),
        IdList("x", [1, 2, 3], [(4, EARLY)]),
    ]
    assert all(one != other for other in others)
    assert one != "x"
    assert len({other.digest for other in others[1:]} | {one.digest}) == 4


@pytest.mark.parametrize("size", [3, 20_000])
def test_a_list_travels_as_bytes(size: int) -> None:
    """What comes back from another process is equal and answers alike; ids take 8 bytes."""
    one = IdList("x", range(size), [(10**18, LATE)])
    data = pickle.dumps(one, protocol=5)
    back = pickle.loads(data)  # noqa: S301 - our own bytes
    assert back == one
    assert back.contains(UserId(2), EARLY)
    assert not back.contains(UserId(size), EARLY)
    assert back.contains(UserId(10**18), EARLY)
    assert len(data) < size * 8 + 500


def test_a_list_is_short_in_messages() -> None:
    """Nobody wants to read a million ids in a traceback."""
    assert repr(IdList("x", [1], [(2, LATE)])) == "IdList('x', 2 ids)"
