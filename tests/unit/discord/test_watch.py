from datetime import UTC, datetime, timedelta
from typing import Any

from voxguard.discord.watch import Watch
from voxguard.model.ids import GuildId

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ONE, TWO = GuildId(1), GuildId(2)


class Time:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        """The instant that was set."""
        return self.at

    def forward(self, seconds: float) -> datetime:
        """Let time pass; the instant before."""
        before = self.at
        self.at += timedelta(seconds=seconds)
        return before


def ready(*guild_ids: GuildId) -> dict[str, Any]:
    """READY, as far as it matters."""
    return {"guilds": [{"id": str(guild_id), "unavailable": True} for guild_id in guild_ids]}


def guild(guild_id: GuildId, **more: object) -> dict[str, Any]:
    """GUILD_CREATE or GUILD_DELETE, as far as it matters."""
    return {"id": str(guild_id), **more}


def test_guilds_are_joined_and_left_while_a_session_lasts() -> None:
    """What READY said is kept up to date; an outage of a guild is no leaving."""
    watch = Watch(lambda: START)
    assert watch.begin(0, ready(ONE)) == []
    watch.appeared(0, guild(TWO))
    assert watch.announced == {ONE, TWO}
    watch.vanished(0, guild(ONE, unavailable=True))
    assert watch.announced == {ONE, TWO}
    watch.vanished(0, guild(TWO))
    assert watch.announced == {ONE}


def test_the_first_session_follows_no_gap() -> None:
    """Nothing was watched before, so that nothing is known of when."""
    watch = Watch(lambda: START)
    watch.begin(0, ready(ONE))
    assert watch.appeared(0, guild(ONE)) is None


def test_a_gap_begins_with_the_last_thing_heard() -> None:
    """A guild of a new session was last watched when something came in the old one, once."""
    time = Time()
    watch = Watch(time.now)
    watch.begin(0, ready(ONE))
    time.forward(10)
    watch.heard(0)
    heard_at = time.forward(100)
    watch.lost(0)
    watch.lost(0)
    watch.begin(0, ready(ONE))
    assert watch.appeared(0, guild(ONE)) == heard_at
    assert watch.appeared(0, guild(ONE)) is None


def test_an_answered_heartbeat_is_something_heard() -> None:
    """What came before the answer was delivered before it; a clock that was set back is not."""
    time = Time()
    watch = Watch(time.now)
    watch.begin(0, ready(ONE))
    time.forward(100)
    watch.lost(0, silent_seconds=40.0)
    watch.begin(0, ready(ONE))
    assert watch.appeared(0, guild(ONE)) == START + timedelta(seconds=60)
    time.forward(10)
    watch.lost(0, silent_seconds=-1000.0)
    watch.begin(0, ready(ONE))
    assert watch.appeared(0, guild(ONE)) == time.at


def test_what_comes_before_a_session_is_resumed_is_old() -> None:
    """Replayed dispatches say nothing of the present; the end of the replay does."""
    time = Time()
    watch = Watch(time.now)
    watch.begin(0, ready(ONE))
    watch.lost(0)
    time.forward(10)
    watch.heard(0)
    watch.begin(0, ready(ONE))
    assert watch.appeared(0, guild(ONE)) == START
    watch.lost(0)
    resumed_at = time.forward(10) + timedelta(seconds=10)
    watch.follow(0)
    watch.lost(0)
    time.forward(10)
    watch.begin(0, ready(ONE))
    assert watch.appeared(0, guild(ONE)) == resumed_at


def test_a_session_that_shows_a_guild_not_has_not_watched_it() -> None:
    """Where the next one ends before GUILD_CREATE, the gap goes on; unavailable is not shown."""
    time = Time()
    watch = Watch(time.now)
    watch.begin(0, ready(ONE, TWO))
    for _ in range(3):
        time.forward(10)
        watch.lost(0)
        watch.begin(0, ready(ONE, TWO))
    assert watch.appeared(0, guild(ONE, unavailable=True)) is None
    assert watch.appeared(0, guild(ONE)) == START
    assert watch.vanished(0, guild(TWO, unavailable=True)) == START


def test_a_guild_that_is_gone_from_a_new_session() -> None:
    """It was left meanwhile, and last watched before."""
    time = Time()
    watch = Watch(time.now)
    watch.begin(0, ready(ONE, TWO))
    time.forward(10)
    watch.lost(0)
    assert watch.begin(0, ready(TWO)) == [ONE]
    assert watch.vanished(0, guild(ONE)) == START
    assert watch.announced == {TWO}


def test_other_shards_go_on_where_the_former_ended() -> None:
    """Which shard a guild belongs to may change, when it was last watched does not."""
    time = Time()
    watch = Watch(time.now)
    watch.begin(0, ready(ONE, TWO))
    time.forward(10)
    watch.lost(0)
    watch.reset()
    assert watch.announced == frozenset()
    watch.begin(0, ready(TWO))
    watch.begin(1, ready(ONE))
    assert watch.appeared(1, guild(ONE)) == START
    assert watch.appeared(0, guild(TWO)) == START
