import pytest

from voxguard.lint.logic.atoms import Atom
from voxguard.lint.logic.implication import covers, follows, is_met_by_all
from voxguard.lint.logic.measures import (
    ACCOUNT_AGE,
    CHANNEL_ENTRIES,
    ENTRIES,
    OCCUPANCY,
    TIME_USED,
    Often,
    Used,
    consequences,
)

DAY = 86_400
LONG_DAY = 50 * 3600


def _used(hours: int, per: str | int, channels: str = "", kinds: str = "") -> Used:
    zone, length = (per, LONG_DAY) if isinstance(per, str) else ("", per * 3600)
    return Used(hours * 3600, zone, length, channels, kinds)


@pytest.mark.parametrize(
    ("kind", "more", "less"),
    [
        (ACCOUNT_AGE, 7 * DAY, 3 * DAY),
        (OCCUPANCY, 5, 4),
        (ENTRIES, Often(5, 30), Often(3, 30)),
        (ENTRIES, Often(5, 30), Often(5, 60)),
        (CHANNEL_ENTRIES, Often(20, 10), Often(19, 11)),
        (TIME_USED, _used(3, "UTC"), _used(2, "UTC")),
        (TIME_USED, _used(3, 24), _used(3, 48)),
        (TIME_USED, _used(3, "UTC"), _used(3, 50)),
        (TIME_USED, _used(3, 24, "x", "voice"), _used(3, 24, "", "voice")),
        (TIME_USED, _used(3, 24, "x", "voice"), _used(2, 24)),
    ],
)
def test_more_means_less_and_not_the_other_way(kind: str, more: object, less: object) -> None:
    """Of what has been reached, and turned round of what has not."""
    one, other = Atom(kind, more), Atom(kind, less)  # type: ignore[arg-type]
    assert follows(one, other)
    assert not follows(other, one)
    assert follows(other.denied(), one.denied())
    assert not follows(one.denied(), other.denied())
    assert not follows(one, other.denied())
    assert not follows(other.denied(), one)
    assert is_met_by_all(frozenset({one.denied(), other}))
    assert not is_met_by_all(frozenset({one, other.denied()}))


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (ENTRIES, Often(5, 60), Often(4, 30)),
        (TIME_USED, _used(3, "UTC"), _used(2, "Europe/Moscow")),
        (TIME_USED, _used(3, 24), _used(2, "UTC")),
        (TIME_USED, _used(3, "UTC"), _used(2, 24)),
        (TIME_USED, _used(3, 24, "x"), _used(3, 24, "y")),
        (TIME_USED, _used(3, 24), _used(3, 24, "", "stage")),
    ],
)
def test_what_cannot_be_compared(kind: str, one: object, other: object) -> None:
    """Spans of other kinds and channels, and more in a longer time, say nothing of each other."""
    first, second = Atom(kind, one), Atom(kind, other)  # type: ignore[arg-type]
    assert not follows(first, second)


def test_kinds_of_amounts_are_apart() -> None:
    """Five people are not five entries."""
    assert not follows(Atom(OCCUPANCY, 5), Atom(ACCOUNT_AGE, 5))
    assert list(consequences(Atom(ENTRIES, Often(1, 1)))) == []


def test_who_is_one_is_not_another() -> None:
    """A member has one id and is in one kind of channel, but may have several roles."""
    assert follows(Atom("member", 1), Atom("member", 2, positive=False))
    assert not follows(Atom("member", 1), Atom("member", 1, positive=False))
    assert not follows(Atom("role", 1), Atom("role", 2, positive=False))
    assert is_met_by_all(
        frozenset({Atom("member", 1, positive=False), Atom("member", 2, positive=False)})
    )
    assert not is_met_by_all(frozenset({Atom("role", 1, positive=False)}))
    assert is_met_by_all(frozenset({Atom("bot", ""), Atom("bot", "", positive=False)}))


def test_what_nobody_meets_is_covered_by_anything() -> None:
    """And covers nothing but itself."""
    assert covers(frozenset({Atom("bot", "")}), frozenset())
    assert not covers(frozenset(), frozenset({Atom("bot", "")}))
