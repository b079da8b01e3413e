from datetime import UTC, datetime, timedelta

from voxguard.engine import timers
from voxguard.engine.timers import Timers
from voxguard.model.ids import GuildId, UserId

START = datetime(2026, 1, 1, tzinfo=UTC)
GUILD = GuildId(1)


def test_the_latest_word_on_a_member_counts() -> None:
    """Setting an instant replaces the one before, and None takes it away."""
    each = Timers()
    each.set(GUILD, UserId(1), START + timedelta(seconds=5))
    each.set(GUILD, UserId(1), START + timedelta(seconds=9))
    each.set(GUILD, UserId(2), START + timedelta(seconds=7))
    each.set(GUILD, UserId(2), None)
    each.set(GUILD, UserId(3), None)
    assert each.next_at == START + timedelta(seconds=9)
    assert each.pop_due(START + timedelta(seconds=8)) == []
    assert each.pop_due(START + timedelta(seconds=9)) == [(GUILD, UserId(1))]
    assert each.next_at is None


def test_the_same_instant_again_is_kept_once() -> None:
    """Nobody is looked at twice for one instant."""
    each = Timers()
    each.set(GUILD, UserId(1), START)
    each.set(GUILD, UserId(1), START)
    assert each.pop_due(START) == [(GUILD, UserId(1))]
    assert each.pop_due(START) == []


def test_outdated_entries_do_not_pile_up() -> None:
    """A member whose instant changes all the time costs no more memory than one."""
    each = Timers()
    for number in range(10 * timers.COMPACT_ABOVE):
        each.set(GUILD, UserId(1), START + timedelta(seconds=number))
    assert len(each._heap) <= timers.COMPACT_ABOVE + 3
    assert each.next_at == START + timedelta(seconds=10 * timers.COMPACT_ABOVE - 1)
