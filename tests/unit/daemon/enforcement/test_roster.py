import pytest

from tests.unit.daemon.enforcement.tools import GUILD, Rig, decide
from voxguard.daemon.enforcement.bucket import UNKNOWN_BURST
from voxguard.daemon.enforcement.limits import INVALID_BUDGET, INVALID_WINDOW_SECONDS
from voxguard.daemon.enforcement.requests import Request
from voxguard.model.decisions import Effect, Outcome
from voxguard.model.ids import GuildId
from voxguard.ports.discord import Applied, RateLimit, RateLimited, Refused, Scope

FORBIDDEN = Refused(403, 50013, "Missing Permissions")


def users(requests: list[Request]) -> list[int]:
    """Whom the requests are about."""
    return [request.user_id for request in requests]


@pytest.fixture
def busy(rig: Rig) -> tuple[Rig, list[Request]]:
    """A guild in which as much is under way as may be."""
    for user in range(101, 101 + UNKNOWN_BURST):
        rig.joined(user)
    rig.submit(*(decide(Effect.DISCONNECT, user) for user in range(101, 101 + UNKNOWN_BURST)))
    first = rig.ready()
    for request in first[:1]:
        rig.obey(request)
    return rig, [*first[1:], *rig.ready()]


def test_placements_then_releases_then_the_rest(busy: tuple[Rig, list[Request]]) -> None:
    """Work that has to wait is taken in the promised order, within it first come first served."""
    rig, under_way = busy
    for user in range(2, 8):
        rig.joined(user, mute=user in (4, 5))
    rig.submit(
        decide(Effect.MUTE, 2),
        decide(Effect.MUTE, 3),
        decide(Effect.UNMUTE, 4),
        decide(Effect.UNMUTE, 5),
        decide(Effect.DISCONNECT, 6),
        decide(Effect.MOVE, 7),
    )
    served: list[int] = []
    while len(served) < 6:
        rig.obey(under_way.pop(0))
        ready = rig.ready()
        served += users(ready)
        under_way += ready
    assert served == [6, 7, 4, 5, 2, 3]


def test_a_newer_want_keeps_the_place_in_line(busy: tuple[Rig, list[Request]]) -> None:
    """Whoever's mute is decided again by another rule does not go to the end of the line."""
    rig, under_way = busy
    rig.joined(2)
    rig.joined(3)
    rig.submit(decide(Effect.MUTE, 2), decide(Effect.MUTE, 3))
    rig.submit(decide(Effect.MUTE, 2, rule="other"))
    served: list[int] = []
    for request in under_way[:2]:
        rig.obey(request)
        served += users(rig.ready())
    assert served == [2, 3]


def test_guilds_take_turns(rig: Rig) -> None:
    """A guild with much to do does not hold up another's first request."""
    other = GuildId(2)
    for user in range(60):
        rig.joined(user + 1)
    rig.joined(1, guild=other)
    rig.submit(*(decide(Effect.MUTE, user + 1) for user in range(60)))
    rig.submit(decide(Effect.MUTE, 1, guild=other))
    assert [request.guild_id for request in rig.ready()][:2] == [GUILD, other]


def test_a_bucket_is_used_to_the_full_and_not_beyond(rig: Rig) -> None:
    """With ten edits in ten seconds all members are served in the time that this takes."""
    for user in range(1, 101):
        rig.joined(user)
    rig.submit(*(decide(Effect.MUTE, user) for user in range(1, 101)))
    began, window_ends, used, sent = rig.now, -1.0, 0, 0
    while sent < 100:
        for request in rig.ready():
            if rig.now >= window_ends:
                window_ends, used = rig.now + 10.0, 0
            used += 1
            sent += 1
            assert used <= 10
            rig.answer(request, Applied(rate_limit=RateLimit(10, 10 - used, window_ends - rig.now)))
        if sent < 100:
            wake_at = rig.queue.wake_at(rig.now)
            assert wake_at is not None
            rig.now = max(rig.now, wake_at)
    assert rig.now - began < 90 * 1.1


def test_no_more_than_fifty_a_second(rig: Rig) -> None:
    """Over all guilds fifty requests go in a second, the rest when it is over."""
    for number in range(60):
        rig.joined(1, guild=GuildId(number + 1))
        rig.submit(decide(Effect.MUTE, guild=GuildId(number + 1)))
    assert len(rig.ready()) == 50
    wake_at = rig.queue.wake_at(rig.now)
    assert wake_at is not None
    assert 1.0 <= wake_at - rig.now < 1.1
    rig.now = wake_at
    assert len(rig.ready()) == 10


def test_near_a_ban_only_releases_go(rig: Rig) -> None:
    """With the budget of refusals used up releases still go, everything else waits for it."""
    for user in range(2, 4):
        rig.joined(user, mute=user == 2)
    count = 0
    while count < INVALID_BUDGET:
        rig.joined(1, guild=GuildId(count + 10))
        rig.submit(decide(Effect.MUTE, guild=GuildId(count + 10)))
        for request in rig.ready():
            rig.answer(request, FORBIDDEN)
            count += 1
        rig.wait(0.05)
    release, mute = rig.submit(decide(Effect.UNMUTE, 2), decide(Effect.MUTE, 3))
    rig.wait(1.1)
    rig.obey(rig.one())
    assert rig.outcomes(release) == [Outcome.APPLIED]
    assert rig.outcomes(mute) == [Outcome.DEFERRED]
    wake_at = rig.queue.wake_at(rig.now)
    assert wake_at is not None
    assert wake_at < rig.now + INVALID_WINDOW_SECONDS
    rig.now = wake_at
    assert users(rig.ready()) == [3]


def test_who_keeps_coming_back_waits_longer_each_time(rig: Rig) -> None:
    """From the fourth disconnect within a minute by one rule the pauses are 2, 4, 8 s."""
    pauses = []
    for _ in range(6):
        rig.joined(1)
        rig.submit(decide(Effect.DISCONNECT))
        began = rig.now
        while not (requests := rig.ready()):
            wake_at = rig.queue.wake_at(rig.now)
            assert wake_at is not None
            rig.now = wake_at
        pauses.append(rig.now - began)
        rig.obey(requests[0])
    assert pauses == [0, 0, 0, 2, 4, 8]


def test_another_rule_does_not_wait_for_a_storm(rig: Rig) -> None:
    """Disconnects are counted by member and rule."""
    for _ in range(3):
        rig.joined(1)
        rig.submit(decide(Effect.DISCONNECT))
        rig.obey(rig.one())
    rig.joined(1)
    rig.submit(decide(Effect.DISCONNECT, rule="other"))
    assert len(rig.ready()) == 1


def test_a_long_pause_of_one_guild_does_not_wake_the_queue_early(rig: Rig) -> None:
    """The next instant is the one at which something can go, not an earlier one."""
    rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one(), RateLimited(300.0, Scope.GLOBAL))
    assert rig.queue.wake_at(rig.now) == rig.now + 300.0
