from voxguard.daemon.enforcement.storms import SWEEP_ABOVE, Storms
from voxguard.model.ids import GuildId, UserId


def key(user: int = 1) -> tuple[GuildId, UserId, str]:
    """A member and a rule."""
    return GuildId(1), UserId(user), "rule"


def test_pauses_double_up_to_a_minute() -> None:
    """The n-th disconnect waits 2^(n-3) s from the fourth on, and never more than a minute."""
    storms = Storms()
    delays = []
    for _ in range(11):
        delays.append(storms.delay(key(), 0))
        storms.disconnected(key(), 0)
    assert delays == [0, 0, 0, 2, 4, 8, 16, 32, 60, 60, 60]


def test_what_was_a_minute_ago_does_not_count() -> None:
    """A storm that is over is forgotten."""
    storms = Storms()
    for _ in range(5):
        storms.disconnected(key(), 0)
    assert storms.delay(key(), 59.9) > 0
    assert storms.delay(key(), 60) == 0


def test_memory_is_bounded() -> None:
    """Members whose disconnects are long ago take no memory for good."""
    storms = Storms()
    for user in range(SWEEP_ABOVE):
        storms.disconnected(key(user), 0)
    storms.disconnected(key(-1), 100)
    assert len(storms._times) == 1
