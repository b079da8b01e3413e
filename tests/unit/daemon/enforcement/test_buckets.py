import pytest

from tests.unit.daemon.enforcement.tools import STAGE, Rig, decide
from voxguard.daemon.enforcement import buckets as module
from voxguard.daemon.enforcement.buckets import Buckets
from voxguard.daemon.enforcement.kinds import Route
from voxguard.model.decisions import Effect
from voxguard.ports.discord import Applied, MemberEdit, RateLimit, RoleEdit, StageEdit

GRANT, REVOKE, MEMBER = (Route.GRANT, 1), (Route.REVOKE, 1), (Route.MEMBER, 1)


def test_routes_of_a_guild_are_limited_apart(rig: Rig) -> None:
    """Edits of members, roles and stages do not hold each other up."""
    full = Applied(rate_limit=RateLimit(1, 0, 60.0))
    rig.submit(decide(Effect.MUTE))
    rig.answer(rig.one(), full)
    rig.joined(2)
    rig.joined(3, channel=STAGE)
    rig.submit(
        decide(Effect.MUTE, 2),
        decide(Effect.GRANT, 2),
        decide(Effect.SUPPRESS, 3, channel=STAGE),
        decide(Effect.REVOKE, 4),
    )
    acts = [type(request.act) for request in rig.ready()]
    assert acts == [RoleEdit, RoleEdit, StageEdit]
    assert MemberEdit not in acts


def test_routes_share_a_bucket_that_discord_gives_one_name() -> None:
    """Once both have been answered, what one uses is gone for the other."""
    buckets = Buckets()
    for key in (GRANT, REVOKE):
        bucket = buckets.of(key)
        bucket.sent(0)
        buckets.answered(key, bucket, RateLimit(2, 1, 10.0, "roles"), 0)
    shared = buckets.of(GRANT)
    assert buckets.of(REVOKE) is shared
    assert shared.free_at(0) > 10
    assert buckets.of(MEMBER) is not shared


def test_a_pause_outlasts_the_news_that_two_routes_are_one() -> None:
    """What Discord has asked for on a route of which it gave no name holds for both."""
    buckets = Buckets()
    grant, revoke = buckets.of(GRANT), buckets.of(REVOKE)
    for bucket in (grant, revoke):
        bucket.sent(0)
    buckets.answered(GRANT, grant, RateLimit(5, 4, 1.0, "roles"), 0)
    revoke.close(30)
    buckets.answered(REVOKE, revoke, RateLimit(5, 3, 1.0, "roles"), 0)
    assert buckets.of(REVOKE) is grant
    assert grant.free_at(2) >= 30


def test_an_answer_to_what_was_sent_before_the_names_were_known_counts() -> None:
    """A request that was counted to a bucket of its own is settled there."""
    buckets = Buckets()
    grant, revoke = buckets.of(GRANT), buckets.of(REVOKE)
    for bucket in (grant, revoke, revoke):
        bucket.sent(0)
    buckets.answered(GRANT, grant, RateLimit(5, 4, 10.0, "roles"), 0)
    buckets.answered(REVOKE, revoke, RateLimit(5, 3, 10.0, "roles"), 0)
    buckets.answered(REVOKE, revoke, RateLimit(5, 2, 10.0, "roles"), 0)
    assert buckets.of(REVOKE) is grant
    assert revoke.is_quiet(20)


def test_other_guilds_have_other_buckets_of_the_same_name() -> None:
    """The name is the route's; the guild comes on top."""
    buckets = Buckets()
    for guild in (1, 2):
        bucket = buckets.of((Route.GRANT, guild))
        bucket.sent(0)
        buckets.answered((Route.GRANT, guild), bucket, RateLimit(1, 0, 10.0, "roles"), 0)
    assert buckets.of((Route.GRANT, 1)) is not buckets.of((Route.GRANT, 2))


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Channels of direct messages that are quiet again take no memory for good."""
    monkeypatch.setattr(module, "SWEEP_ABOVE", 10)
    buckets = Buckets()
    busy = buckets.of((Route.MESSAGE, -1))
    busy.sent(0)
    for channel in range(200):
        key = (Route.MESSAGE, channel)
        bucket = buckets.of(key)
        bucket.sent(channel * 10)
        buckets.answered(key, bucket, RateLimit(5, 4, 5.0, "messages"), channel * 10)
    assert len(buckets._by_key) < 50
    assert len(buckets._by_name) < 50
    assert buckets.of((Route.MESSAGE, -1)) is busy
